import Domain
import Foundation
import Postgres

/// A schedule as the database has it: as some release declares it.
struct StoredSchedule: Sendable {
    /// So long after the last look of a process that declares it as it is, others may declare it otherwise.
    private static let silence: TimeInterval = 60

    let cron: String
    let timeZone: String
    let next: Date
    /// The time that was fired last.
    let last: Date?
    /// About when a process that declares it as it is looked last.
    let servedAt: Date

    func isAsDeclared(by schedule: Schedule) -> Bool {
        cron == schedule.cron.description && timeZone == schedule.timeZone.description
    }

    /// Whether a process lives that declares it as it is.
    func isServed(at present: Date) -> Bool { present.timeIntervalSince(servedAt) < Self.silence }

    /// Whether the others are to be told that such a process lives.
    func isServiceDue(at present: Date) -> Bool { present.timeIntervalSince(servedAt) > Self.silence / 3 }

    /// Until when nothing is owed to whoever declares it otherwise now: to the present, or as long as somebody served it.
    func done(at present: Date) -> Date {
        max(isServed(at: present) ? present : servedAt, last ?? .distantPast)
    }
}

extension StoredSchedule {
    /// Of a row of `TimeStatements.schedules`. `nil`: it is not known yet.
    init?(_ row: Row) throws {
        let (_, _, cron, timeZone, next, last, servedAt) = try row.decode(
            String.self,
            Date.self,
            String?.self,
            String?.self,
            Date?.self,
            Date?.self,
            Date?.self
        )
        guard let cron, let timeZone, let next, let servedAt else { return nil }
        self.init(cron: cron, timeZone: timeZone, next: next, last: last, servedAt: servedAt)
    }
}
