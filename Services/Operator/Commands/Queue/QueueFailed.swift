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
            console.say("Next: tradewind queue retry SUBSCRIPTION ID, or discard it; --all for all of a subscription.")
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a failed message due now, or with --all every one of a subscription."
        )

        @OptionGroup var chosen: ChosenFailures
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await chosen.act("due", "due now", output, data) { inspector, subscription, id in
                guard let id else { return try await inspector.retryAll(subscription: subscription) }
                return try await inspector.retry(subscription: subscription, id: id) ? 1 : 0
            }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Drop a failed message for good, or with --all every dead letter of a subscription."
        )

        @OptionGroup var chosen: ChosenFailures
        @OptionGroup var interaction: InteractionOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let what = chosen.all ? "all dead letters of \(chosen.subscription)" : "this message"
            try Console().confirm("Drop \(what) for good?", options: interaction)
            try await chosen.act("discarded", "gone", output, data) { inspector, subscription, id in
                guard let id else { return try await inspector.discardDeadLetters(subscription: subscription) }
                return try await inspector.discard(subscription: subscription, id: id) ? 1 : 0
            }
        }
    }
}

/// The failed messages that a command is about.
struct ChosenFailures: ParsableArguments {
    @Argument(help: "Such as notifications.events.")
    var subscription: String
    @Argument(help: "The message's id.")
    var id: UUID?
    @Flag(help: "All of the subscription.")
    var all = false

    func validate() throws {
        if (id == nil) != all { throw ValidationError("Give the message's id, or --all.") }
    }

    /// Fails where there is no such message, or with `--all` no such subscription.
    func act(
        _ result: String,
        _ words: String,
        _ output: OutputOptions,
        _ data: DataOptions,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (QueueInspector, String, UUID?) async throws -> Int
    ) async throws {
        let count = try await QueueCommand.inspect(data) { inspector in
            let count = try await body(inspector, subscription, id)
            if count == 0, all, try await inspector.lanes(of: subscription).isEmpty {
                throw QueueCommand.noSuchSubscription(subscription)
            }
            return count
        }
        if count == 0, !all {
            throw CommandFailure(
                "No failed message of this subscription has this id, or it waits behind an earlier one of its key.",
                hint: "See `tradewind queue failed`."
            )
        }
        let outcome = QueueOutcome(subscription: subscription, id: id, count: all ? count : nil, result: result)
        try outcome.tell(all ? "\(count.grouped) are \(words)." : "It is \(words).", output)
    }
}
