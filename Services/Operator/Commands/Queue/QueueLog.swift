import ArgumentParser
import Foundation
import Messaging

extension QueueCommand {
    struct Keep: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say for how long the log keeps what all have read, so that it can be replayed.",
            discussion: "What a subscription has not read is kept until it has, however long that takes."
        )

        @Argument(help: "For how many hours. 0: no longer than needed.")
        var hours: Double
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func validate() throws {
            if !(0...87_600).contains(hours) { throw ValidationError("From 0 to 87600 hours.") }
        }

        func run() async throws {
            try await inspect(data) { try await $0.setRetention(.seconds(hours * 3600)) }
            try QueueOutcome(result: "kept").tell("It is kept for \(hours.formatted()) hours.", output)
        }
    }

    struct Raise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a topic more lanes, while it is used.")

        @Argument(help: "Such as events.")
        var topic: String
        @Argument(help: "How many lanes it shall have: a multiple of what it has.")
        var lanes: Int
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func validate() throws {
            if !(1...4096).contains(lanes) { throw ValidationError("A topic has 1 to 4096 lanes.") }
        }

        func run() async throws {
            let isRaised = try await inspect(data) { inspector in
                guard try await inspector.topics().contains(where: { $0.topic == topic }) else {
                    throw CommandFailure("There is no topic \(topic).", hint: "See `tradewind queue`.")
                }
                return try await inspector.raiseLanes(of: topic, to: lanes)
            }
            guard isRaised else {
                throw CommandFailure("A transaction that has published is still open.", hint: "Try again.")
            }
            try QueueOutcome(topic: topic, result: "raised").tell("It has \(lanes) lanes.", output)
        }
    }
}
