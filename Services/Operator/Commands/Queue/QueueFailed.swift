import ArgumentParser
import Foundation
import Messaging

extension QueueCommand {
    struct Failed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Messages that failed: those that will be tried again, and the dead ones."
        )

        @Option(help: "How many at most, the newest first.")
        var limit = 100
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func validate() throws {
            if limit < 1 { throw ValidationError("--limit must be at least 1.") }
        }

        func run() async throws {
            let console = Console()
            let failed = try await inspect(data) { try await $0.failedMessages(limit: limit) }
            if output.json { return try console.put(json: failed) }
            guard !failed.isEmpty else { return console.say("Nothing failed.") }
            var table = Table("SUBSCRIPTION", "ID", "TYPE", "ATTEMPT", "NEXT", "ERROR")
            for message in failed {
                let next = message.isDead ? "dead" : message.due?.formatted(.iso8601) ?? "behind its key"
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
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            guard try await inspect(data, { try await $0.retry(subscription: subscription, id: id) }) else {
                throw noSuchMessage
            }
            try QueueOutcome(subscription: subscription, id: id, result: "due").tell("It is due now.", output)
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Drop a failed message for good.")

        @Argument(help: "Such as notifications.events.")
        var subscription: String
        @Argument(help: "The message's id.")
        var id: UUID
        @OptionGroup var interaction: InteractionOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            try Console().confirm("Drop this message for good?", options: interaction)
            guard try await inspect(data, { try await $0.discard(subscription: subscription, id: id) }) else {
                throw noSuchMessage
            }
            try QueueOutcome(subscription: subscription, id: id, result: "discarded").tell("It is gone.", output)
        }
    }

    private static let noSuchMessage = CommandFailure(
        "No failed message of this subscription has this id, or it waits behind an earlier one of its key.",
        hint: "See `tradewind queue failed`."
    )
}
