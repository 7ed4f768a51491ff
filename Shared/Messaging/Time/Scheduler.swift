import Domain
import Foundation
public import Logging
public import Postgres
public import ServiceLifecycle

/// Fires schedules: each of their times once, however many replicas run it.
///
/// The database's clock counts. What was missed while no replica ran, or because the clock was set forward, is fired once
/// and together. If the clock is set back, nothing is fired again: a schedule waits until the clock has come to where it
/// was. A schedule comes at most a second late.
public struct Scheduler: Service {
    private static let longestPause: Duration = .seconds(1)

    private let database: Database
    private let schedules: [String: Schedule]
    private let logger: Logger
    private let patience = Patience()

    /// Precondition: the names are unique.
    public init(database: Database, schedules: [Schedule], logger: Logger) {
        self.database = database
        self.schedules = Dictionary(uniqueKeysWithValues: schedules.map { ($0.name, $0) })
        self.logger = logger
    }

    /// Fires until the graceful shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var pause = Self.longestPause
                do {
                    pause = min(pause, try await fireDue())
                } catch {
                    if !Task.isCancelled { logger.error("cannot look for schedules that are due: \(error)") }
                }
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Declares the schedules that are not known yet, or are known otherwise, and fires what is due at `present`, by
    /// default the database's own time. Tells how long nothing more is due.
    @discardableResult
    func fireDue(at present: Date? = nil) async throws -> Duration {
        var pause: Duration = .seconds(3600)
        for row in try await database.query(TimeStatements.schedules(schedules.keys.sorted(), at: present)) {
            let (name, cron, zone, due, last, present) = try row.decode(
                String.self,
                String?.self,
                String?.self,
                Date?.self,
                Date?.self,
                Date.self
            )
            guard let schedule = schedules[name] else { continue }
            var wait: Duration = .zero
            if let due, cron == schedule.cron.description, zone == schedule.timeZone.description {
                wait = due <= present ? await fire(schedule, due, present) : .seconds(due.timeIntervalSince(present))
            } else if patience.mayDeclare(name, isKnown: due != nil) {
                let next = schedule.cron.next(after: max(present, last ?? present), in: schedule.timeZone)
                try await database.execute(TimeStatements.declare(schedule, next: next ?? .distantFuture))
            } else {
                wait = Self.longestPause
            }
            pause = min(pause, wait)
        }
        return pause
    }

    /// Tells how long to wait before the next look.
    private func fire(_ schedule: Schedule, _ due: Date, _ present: Date) async -> Duration {
        if let wait = patience.wait(for: schedule.name) { return wait }
        do {
            let (firing, next) = schedule.firing(due: due, present: present)
            let options = TransactionOptions(
                settings: schedule.tenant.map { [Tenancy.setting: $0.description] } ?? [:]
            )
            let isOurs = try await database.transaction(options) { tx in
                let moved = try await tx.execute(TimeStatements.advance(schedule, from: due, to: next))
                if moved > 0 { try await schedule.body(firing, tx) }
                return moved > 0
            }
            patience.succeeded(schedule.name)
            if isOurs { QueueMetrics.scheduleFired(schedule.name) }
            return .zero
        } catch {
            if Task.isCancelled { return .zero }
            let pause = patience.failed(schedule.name)
            QueueMetrics.scheduleFailed(schedule.name)
            logger.error(
                "schedule failed, tried again in \(pause): \(Failure.text(of: error))",
                metadata: ["schedule": "\(schedule.name)"]
            )
            return pause
        }
    }
}
