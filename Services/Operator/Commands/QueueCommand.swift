import ArgumentParser
import Foundation
import Messaging

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "See how messages between the services fare, and mend what failed.",
        discussion: """
            EXAMPLES
              tradewind queue
              tradewind queue failed
              tradewind queue retry notifications.events 0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e
            """,
        subcommands: [Status.self, Failed.self, Retry.self, Discard.self],
        defaultSubcommand: Status.self
    )

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Topics and subscriptions, and how far they are.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        private struct State: Encodable {
            let topics: [QueueInspector.TopicState]
            let subscriptions: [QueueInspector.SubscriptionState]
        }

        func run() async throws {
            let console = Console()
            let state = try await inspect(data) { inspector in
                State(topics: try await inspector.topics(), subscriptions: try await inspector.subscriptions())
            }
            if output.json { return try console.put(json: state) }
            var table = Table("SUBSCRIPTION", "LAG", "OLDEST", "RETRIES", "DEAD", "HANDLED", "LANES")
            for each in state.subscriptions {
                table.add(
                    each.subscription,
                    each.lag.grouped,
                    each.lag == 0 ? "-" : "\(Int(each.lagSeconds)) s",
                    each.retries.grouped,
                    each.deadLetters.grouped,
                    each.handled.grouped,
                    "\(each.lanes)"
                )
            }
            console.put(table.text)
            for topic in state.topics { console.put("\(topic.topic): \(topic.published.grouped) published") }
            if state.subscriptions.contains(where: { $0.deadLetters + $0.retries > 0 }) {
                console.say("Next: tradewind queue failed")
            }
        }
    }

    struct Failed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Messages that failed: those that will be tried again, and the dead ones."
        )

        @Option(help: "How many at most, the newest first.")
        var limit = 100
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let console = Console()
            let failed = try await inspect(data) { try await $0.failedMessages(limit: limit) }
            if output.json { return try console.put(json: failed) }
            guard !failed.isEmpty else { return console.say("Nothing failed.") }
            var table = Table("SUBSCRIPTION", "ID", "TYPE", "ATTEMPT", "NEXT", "ERROR")
            for message in failed {
                let next = message.isDead ? "dead" : message.due?.formatted(.iso8601) ?? "now"
                table.add(
                    message.subscription,
                    message.id.uuidString.lowercased(),
                    message.type,
                    "\(message.attempt)",
                    next,
                    String(message.error.prefix(80))
                )
            }
            console.put(table.text)
            console.say("Next: tradewind queue retry SUBSCRIPTION ID, or discard it.")
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a failed message due now.")

        @Argument(help: "Such as notifications.events.")
        var subscription: String
        @Argument(help: "The message's id.")
        var id: UUID
        @OptionGroup var data: DataOptions

        func run() async throws {
            guard try await inspect(data, { try await $0.retry(subscription: subscription, id: id) }) else {
                throw noSuchMessage
            }
            Console().say("It is due now.")
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Drop a failed message for good.")

        @Argument(help: "Such as notifications.events.")
        var subscription: String
        @Argument(help: "The message's id.")
        var id: UUID
        @OptionGroup var interaction: InteractionOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let console = Console()
            try console.confirm("Drop this message for good?", options: interaction)
            guard try await inspect(data, { try await $0.discard(subscription: subscription, id: id) }) else {
                throw noSuchMessage
            }
            console.say("It is gone.")
        }
    }

    private static let noSuchMessage = CommandFailure(
        "No failed message of this subscription has this id.",
        hint: "See `tradewind queue failed`."
    )

    private static func inspect<Result: Sendable>(
        _ data: DataOptions,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (QueueInspector) async throws -> Result
    ) async throws -> Result {
        try await DatabaseAccess.use(data) { access in
            try await access.withDatabase { try await body(QueueInspector(database: $0)) }
        }
    }
}
