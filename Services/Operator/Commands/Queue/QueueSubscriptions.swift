import ArgumentParser
import Foundation
import Messaging

extension QueueCommand {
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin nothing more of a subscription; what is in hand is finished.",
            discussion: "The log keeps what comes meanwhile."
        )

        @OptionGroup var chosen: ChosenSubscription
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await chosen.act("paused", "It is paused.", output, data) { try await $0.pause(subscription: $1) }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Go on with a subscription that is paused.")

        @OptionGroup var chosen: ChosenSubscription
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await chosen.act("resumed", "It goes on.", output, data) { try await $0.resume(subscription: $1) }
        }
    }

    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pause a subscription and wait until no batch of it is in hand."
        )

        @OptionGroup var chosen: ChosenSubscription
        @Option(help: "For how many seconds to wait.")
        var within = 30
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func validate() throws {
            if within < 0 { throw ValidationError("--within must not be negative.") }
        }

        func run() async throws {
            let end = ContinuousClock.now + .seconds(within)
            try await chosen.act("drained", "It is paused, and nothing of it is in hand.", output, data) {
                guard try await $0.pause(subscription: $1) else { return false }
                while try await !$0.isDrained(subscription: $1) {
                    guard ContinuousClock.now < end else {
                        throw CommandFailure("It is paused, but a batch is still in hand after \(within) s.")
                    }
                    try await Task.sleep(for: .milliseconds(50))
                }
                return true
            }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Deliver messages to a subscription again: from a time, from a message, or all that the log holds.",
            discussion: """
                Every message is handled again, also where its effect has happened: the handlers must bear that.
                Messages that were dropped from the log are gone.

                EXAMPLES
                  tradewind queue replay notifications.events --from 2026-11-20T08:00:00Z
                  tradewind queue replay notifications.events --message 0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e
                  tradewind queue replay notifications.events --all --yes
                """
        )

        @OptionGroup var chosen: ChosenSubscription
        @Option(help: "What was published at this time (ISO 8601) or later.", transform: isoTime)
        var from: Date?
        @Option(help: "From the message with this id. Reads the whole log for it.")
        var message: UUID?
        @Flag(help: "All that the log holds.")
        var all = false
        @OptionGroup var interaction: InteractionOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func validate() throws {
            guard [from != nil, message != nil, all].count(where: { $0 }) == 1 else {
                throw ValidationError("Say one of --from, --message and --all.")
            }
        }

        func run() async throws {
            try Console().confirm("Deliver messages to \(chosen.subscription) again?", options: interaction)
            try await chosen.act("replaying", "They are delivered again.", output, data) {
                if let message {
                    try await $0.replay(subscription: $1, fromMessage: message)
                } else {
                    try await $0.replay(subscription: $1, from: from.map { .time($0) } ?? .start)
                }
                return true
            }
        }
    }

    struct CutOff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cut-off",
            abstract: "Jump a subscription over what it lags behind. It never gets those messages.",
            discussion: "The log no longer keeps them for it, so that its space is free again."
        )

        @OptionGroup var chosen: ChosenSubscription
        @Option(help: "Only over what was published before this time (ISO 8601).", transform: isoTime)
        var before: Date?
        @OptionGroup var interaction: InteractionOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            try Console().confirm("Leave \(chosen.subscription) without what it lags behind?", options: interaction)
            try await chosen.act(
                "cut off",
                before == nil ? "It goes on from now." : "It goes on from there.",
                output,
                data
            ) {
                try await $0.cutOff(subscription: $1, before: before)
                return true
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a subscription, with its retries and dead letters. The log no longer waits for it.",
            discussion: "A service that starts with it later declares it anew."
        )

        @OptionGroup var chosen: ChosenSubscription
        @OptionGroup var interaction: InteractionOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            try Console().confirm("End the subscription \(chosen.subscription) for good?", options: interaction)
            try await chosen.act("removed", "It is gone.", output, data) { try await $0.remove(subscription: $1) }
        }
    }
}

/// The subscription that a command is about.
struct ChosenSubscription: ParsableArguments {
    @Argument(help: "Such as notifications.events.")
    var subscription: String

    /// Fails where `body` tells that there is no such subscription.
    func act(
        _ result: String,
        _ words: String,
        _ output: OutputOptions,
        _ data: DataOptions,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (QueueInspector, String) async throws -> Bool
    ) async throws {
        guard try await QueueCommand.inspect(data, { try await body($0, subscription) }) else {
            throw QueueCommand.noSuchSubscription(subscription)
        }
        try QueueOutcome(subscription: subscription, result: result).tell(words, output)
    }
}

@Sendable private func isoTime(_ text: String) throws -> Date {
    guard let date = try? Date(text, strategy: .iso8601) else {
        throw ValidationError("'\(text)' is not a time such as 2026-11-20T08:00:00Z.")
    }
    return date
}
