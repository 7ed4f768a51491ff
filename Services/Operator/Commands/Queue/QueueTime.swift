import ArgumentParser
import Foundation
import Messaging

extension QueueCommand {
    struct Timers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Messages that wait for their time.")

        @Option(help: "How many at most, the next first.")
        var limit = 100
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func validate() throws {
            if limit < 1 { throw ValidationError("--limit must be at least 1.") }
        }

        func run() async throws {
            let console = Console()
            let timers = try await inspect(data) { try await $0.timers(limit: limit) }
            if output.json { return try console.put(json: timers) }
            guard !timers.isEmpty else { return console.say("No message waits for its time.") }
            var table = Table("DUE", "ID", "TOPIC", "TYPE", "TIMER")
            for each in timers {
                table.add(
                    each.due.formatted(.iso8601),
                    each.id.uuidString.lowercased(),
                    each.topic,
                    each.type,
                    each.timer ?? "-"
                )
            }
            console.put(table.text)
        }
    }

    struct Schedules: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What is due again and again.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let console = Console()
            let schedules = try await inspect(data) { try await $0.schedules() }
            if output.json { return try console.put(json: schedules) }
            guard !schedules.isEmpty else { return console.say("No schedule is declared.") }
            var table = Table("SCHEDULE", "CRON", "TIME ZONE", "NEXT", "LAST", "FIRED")
            for each in schedules {
                table.add(
                    each.schedule,
                    each.cron,
                    each.timeZone,
                    each.nextDue.formatted(.iso8601),
                    each.lastFired?.formatted(.iso8601) ?? "-",
                    each.fired.grouped
                )
            }
            console.put(table.text)
        }
    }

    struct RemoveSchedule: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget a schedule that no service declares any more.",
            discussion: "Where one still does, the schedule begins anew from now."
        )

        @Argument(help: "Such as events.reminders.")
        var schedule: String
        @OptionGroup var interaction: InteractionOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            try Console().confirm("Forget the schedule \(schedule)?", options: interaction)
            guard try await inspect(data, { try await $0.removeSchedule(schedule) }) else {
                throw CommandFailure("There is no schedule \(schedule).", hint: "See `tradewind queue schedules`.")
            }
            try QueueOutcome(schedule: schedule, result: "removed").tell("It is forgotten.", output)
        }
    }
}
