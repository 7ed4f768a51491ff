import ArgumentParser
import Foundation
import Messaging
import Postgres

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "See how messages between the services fare, and mend what failed.",
        discussion: """
            Exit status: 0 done; 1 failed, as where there is no such message, subscription or schedule; 2 asked wrongly.

            EXAMPLES
              tradewind queue
              tradewind queue failed
              tradewind queue show 0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e
              tradewind queue retry notifications.events 0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e
              tradewind queue replay notifications.events --from 2026-11-20T08:00:00Z
            """,
        subcommands: [
            Status.self, Lanes.self, Failed.self, Show.self, Timers.self, Schedules.self, Retry.self, Discard.self,
            Pause.self, Resume.self, Drain.self, Replay.self, CutOff.self, Keep.self, Remove.self, Raise.self,
            RemoveSchedule.self,
        ],
        defaultSubcommand: Status.self
    )

    static func inspect<Result: Sendable>(
        _ data: DataOptions,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (QueueInspector) async throws -> Result
    ) async throws -> Result {
        try await DatabaseAccess.use(data) { access in
            try await access.withDatabase { database in
                do {
                    return try await body(QueueInspector(database: database))
                } catch let error as PostgresError where ["22023", "42704"].contains(error.sqlState) {
                    // In the queue's own words.
                    throw CommandFailure(error.message)
                }
            }
        }
    }

    static func noSuchSubscription(_ name: String) -> CommandFailure {
        CommandFailure("There is no subscription \(name).", hint: "See `tradewind queue`.")
    }
}

/// What a command did, as JSON; the words for people go to standard error.
struct QueueOutcome: Encodable {
    var subscription: String?
    var topic: String?
    var schedule: String?
    var id: UUID?
    var count: Int?
    let result: String

    func tell(_ words: String, _ output: OutputOptions) throws {
        let console = Console()
        if output.json { try console.put(json: self) } else { console.say(words) }
    }
}
