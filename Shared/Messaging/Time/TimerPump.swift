import Domain
import Foundation
import Logging
import Postgres

/// Lets timers whose time has come enter the log. Any number of workers may do so at once.
struct TimerPump: Sendable {
    /// It is looked so often, whatever was last known of the next timer.
    static let longestPause: Duration = .seconds(1)

    private enum Event: Sendable {
        case rung
        case paused(round: Int)
    }

    private let database: Database
    private let logger: Logger
    private let events: AsyncStream<Event>
    private let sink: AsyncStream<Event>.Continuation

    init(database: Database, logger: Logger) {
        self.database = database
        self.logger = logger
        (events, sink) = AsyncStream.makeStream()
    }

    /// A timer was set that may come before the one that is waited for.
    func ring() { sink.yield(.rung) }

    /// Until the task is cancelled.
    func run() async {
        ring()
        await withDiscardingTaskGroup { group in
            var round = 0
            for await event in events {
                // Only the pause that was begun last counts.
                if case .paused(round: let ended) = event, ended != round { continue }
                round += 1
                let pause = await fireAndPause()
                group.addTask { [round] in
                    guard (try? await Task.sleep(for: pause)) != nil else { return }
                    sink.yield(.paused(round: round))
                }
            }
            group.cancelAll()
        }
    }

    /// Fires all that is due at `present`, by default the database's own time. Tells how many they were.
    @discardableResult
    func fireAll(at present: Date? = nil) async throws -> Int {
        var total = 0
        while case let fired = try await fire(at: present).fired, fired > 0 { total += fired }
        return total
    }

    private func fireAndPause() async -> Duration {
        do {
            var outcome = try await fire()
            while outcome.fired > 0, let next = outcome.next, next <= 0 { outcome = try await fire() }
            guard let next = outcome.next else { return Self.longestPause }
            // Due, and in the hands of a transaction that cancels or replaces it: not to be asked for all the time.
            return next <= 0 ? .milliseconds(100) : min(.seconds(next), Self.longestPause)
        } catch {
            if !Task.isCancelled { logger.error("cannot fire timers: \(error)") }
            return Self.longestPause
        }
    }

    private func fire(at present: Date? = nil) async throws -> (fired: Int, next: Double?) {
        try await database.transaction { tx in
            guard let row = try await tx.query(TimeStatements.fireTimers(at: present)).first else { return (0, nil) }
            let (fired, topics, next) = try row.decode(Int32.self, [String].self, Double?.self)
            for topic in topics { tx.notifyAfterCommit(Doorbell.channel(of: Topic(rawValue: topic))) }
            QueueMetrics.timersFired(Int(fired))
            return (Int(fired), next)
        }
    }
}
