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
///
/// Where releases declare a schedule otherwise, it is as the process that started last has it, for as long as one runs
/// that has it so. A minute after the last of them is gone, another takes it over, and fires what was missed of its own.
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
            guard let schedule = schedules[try row.decode(String.self, at: 0)] else { continue }
            let present = try row.decode(Date.self, at: 1)
            pause = min(pause, try await attend(to: schedule, StoredSchedule(row), present))
        }
        return pause
    }

    /// Tells how long to wait before the next look.
    private func attend(to schedule: Schedule, _ found: StoredSchedule?, _ present: Date) async throws -> Duration {
        if let found, found.isAsDeclared(by: schedule) {
            patience.settle(schedule.name)
            if found.isServiceDue(at: present) {
                try await database.execute(TimeStatements.serve(schedule, at: present))
            }
            if found.next > present { return .seconds(found.next.timeIntervalSince(present)) }
            return await fire(schedule, found.next, present)
        }
        if let found, found.isServed(at: present), patience.hasSettled(schedule.name) { return Self.longestPause }
        let next = schedule.cron.next(after: found?.done(at: present) ?? present, in: schedule.timeZone)
        let declare = TimeStatements.declare(schedule, next: next ?? .distantFuture, at: present, instead: found)
        if try await database.execute(declare) > 0 { patience.settle(schedule.name) }
        return .zero
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
