import ArgumentParser
import Foundation
import Messaging

extension QueueCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One message: its envelope, its trace, and what became of it.",
            discussion: """
                A message of the log is looked for around the time that its id tells. One that was a timer entered the log
                much later than its id was made: add --thorough, which reads the whole log.
                """
        )

        @Argument(help: "The message's id.")
        var id: UUID
        @Flag(help: "Show the body too. It may hold personal data.")
        var body = false
        @Flag(help: "Read the whole log for it.")
        var thorough = false
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let console = Console()
            guard var message = try await inspect(data, { try await $0.message(id, isThorough: thorough) }) else {
                throw CommandFailure(
                    "No message has this id.",
                    hint: thorough
                        ? "What all subscriptions have handled is dropped from the log after its retention."
                        : "Add --thorough to read the whole log for it."
                )
            }
            if !body { message.body = nil }
            if output.json { return try console.put(json: message) }
            for (name, value) in Self.envelope(of: message) {
                console.put(name.padding(toLength: 10, withPad: " ", startingAt: 0) + (value ?? "-"))
            }
            for fate in message.subscriptions { console.put(Self.line(for: fate)) }
            if let body = message.body { console.put(body) }
        }

        private static func envelope(of message: QueueInspector.MessageState) -> [(String, String?)] {
            [
                ("id", message.id.uuidString.lowercased()),
                ("type", message.type),
                ("subject", message.subject),
                ("tenant", message.tenant.uuidString.lowercased()),
                ("topic", message.topic),
                ("published", message.published?.formatted(.iso8601)),
                ("due", message.due?.formatted(.iso8601)),
                ("lane", message.lane?.description),
                ("position", message.position?.description),
                ("trace", message.trace),
            ]
        }

        private static func line(for fate: QueueInspector.Fate) -> String {
            var line = "\(fate.subscription): \(fate.state.rawValue)"
            if let attempt = fate.attempt { line += ", attempt \(attempt)" }
            if let due = fate.due { line += ", due \(due.formatted(.iso8601))" }
            if let error = fate.error { line += ": \(error)" }
            return line
        }
    }
}
