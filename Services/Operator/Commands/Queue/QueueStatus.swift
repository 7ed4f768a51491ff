import ArgumentParser
import Foundation
import Messaging

extension QueueCommand {
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Topics and subscriptions: how far they are, how fast, and who works on them.",
            discussion: """
                Nothing is counted over the log. `10,000+` is a figure that was counted to its limit only: it is that or
                more. In JSON it has a field beside it that says so, as `lagIsAtLeast`.
                """
        )

        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        private struct State: Encodable {
            let topics: [QueueInspector.TopicState]
            let subscriptions: [QueueInspector.SubscriptionState]
            let log: QueueInspector.LogState
            let timers: QueueInspector.TimersState
            let schedules: [QueueInspector.ScheduleState]
        }

        func run() async throws {
            let console = Console()
            let state = try await inspect(data) { inspector in
                State(
                    topics: try await inspector.topics(),
                    subscriptions: try await inspector.subscriptions(),
                    log: try await inspector.log(),
                    timers: try await inspector.timersState(),
                    schedules: try await inspector.schedules()
                )
            }
            if output.json { return try console.put(json: state) }
            console.put(subscriptions(state.subscriptions))
            console.put("")
            var topics = Table("TOPIC", "LANES", "PUBLISHED", "PER SECOND")
            for topic in state.topics {
                topics.add(
                    topic.topic,
                    "\(topic.lanes)",
                    topic.published.grouped(isAtLeast: topic.publishedIsAtLeast),
                    topic.publishedPerSecond.rate
                )
            }
            console.put(topics.text)
            console.put("")
            console.put(log(state.log))
            console.put(timers(state.timers))
            for schedule in state.schedules where schedule.overdueSeconds > 2 {
                console.put("schedule \(schedule.schedule): overdue by \(Int(schedule.overdueSeconds)) s")
            }
            if state.subscriptions.contains(where: { $0.deadLetters + $0.retries > 0 }) {
                console.say("Next: tradewind queue failed")
            }
        }

        private func subscriptions(_ states: [QueueInspector.SubscriptionState]) -> String {
            var table = Table(
                "SUBSCRIPTION",
                "LAG",
                "OLDEST",
                "RETRIES",
                "DEAD",
                "HANDLED",
                "PER SECOND",
                "LANES",
                "OWNERS"
            )
            for each in states {
                let owners = each.owners.map { "\($0.worker) (\($0.lanes))" }.joined(separator: ", ")
                table.add(
                    each.subscription,
                    each.lag.grouped(isAtLeast: each.lagIsAtLeast),
                    each.lag == 0 ? "-" : "\(Int(each.lagSeconds)) s",
                    each.retries.grouped(isAtLeast: each.retriesAreAtLeast),
                    each.deadLetters.grouped(isAtLeast: each.deadLettersAreAtLeast),
                    each.handled.grouped,
                    each.handledPerSecond.rate,
                    "\(each.lanes)",
                    each.paused != nil ? "paused" : owners.isEmpty ? "nobody" : owners
                )
            }
            return table.text
        }

        private func log(_ state: QueueInspector.LogState) -> String {
            let size = state.bytes.formatted(.byteCount(style: .binary).locale(Locale(identifier: "en_US")))
            let kept = Duration.seconds(state.retentionSeconds).formatted(
                .units(allowed: [.days, .hours, .minutes], width: .wide).locale(Locale(identifier: "en_US"))
            )
            return "log: \(size) in \(state.segments) segments; what all have read is kept for \(kept)"
        }

        private func timers(_ state: QueueInspector.TimersState) -> String {
            guard let next = state.nextDue else { return "timers: none" }
            let when = state.overdueSeconds > 2 ? "overdue by \(Int(state.overdueSeconds)) s" : next.formatted(.iso8601)
            return "timers: \(state.waiting.grouped(isAtLeast: state.waitingIsAtLeast)), the next \(when)"
        }
    }

    struct Lanes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Each lane: who owns it, and how far it is.")

        @Argument(help: "Such as notifications.events. Default: all.")
        var subscription: String?
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let console = Console()
            let lanes = try await inspect(data) { try await $0.lanes(of: subscription) }
            if lanes.isEmpty, let subscription { throw noSuchSubscription(subscription) }
            if output.json { return try console.put(json: lanes) }
            var table = Table("SUBSCRIPTION", "LANE", "POSITION", "LAG", "OLDEST", "PER SECOND", "MOVED", "OWNER")
            for each in lanes {
                table.add(
                    each.subscription,
                    "\(each.lane)",
                    "\(each.position)",
                    each.lag.grouped(isAtLeast: each.lagIsAtLeast),
                    each.lag == 0 ? "-" : "\(Int(each.lagSeconds)) s",
                    each.handledPerSecond.rate,
                    each.movedAt.formatted(.iso8601),
                    each.owner ?? "nobody"
                )
            }
            console.put(table.text)
        }
    }
}

extension Int {
    /// `2,060`, or `10,000+`
    fileprivate func grouped(isAtLeast: Bool) -> String { isAtLeast ? "\(grouped)+" : grouped }
}

extension Double {
    /// `0`, `0.4`, `1,250`
    var rate: String {
        formatted(.number.precision(.fractionLength(self > 0 && self < 10 ? 1 : 0)).locale(Locale(identifier: "en_US")))
    }
}
