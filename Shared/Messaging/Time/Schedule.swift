public import Domain
public import Foundation
public import Postgres

/// Something that is due again and again, by the clocks of some place.
public struct Schedule: Sendable {
    /// One time at which a schedule fires.
    public struct Firing: Sendable {
        /// The time that the expression names. Of several that were missed, the first.
        public let time: Date
        /// How many that came after it were missed, and are done with now: 0 as long as there is a worker.
        public let missed: Int
    }

    typealias Body = @Sendable (Firing, borrowing Transaction) async throws -> Void

    /// Unique in the database: by custom `<service>.<what it does>`.
    public let name: String
    public let cron: CronExpression
    public let timeZone: TimeZoneID
    let tenant: TenantID?
    let body: Body

    /// `body` runs once for all replicas, in the transaction that notes that it did: its effect on the database, and
    /// what it publishes, happens exactly once. To publish, it needs a tenant. Nothing that leaves the database belongs
    /// in it.
    public init(
        _ name: String,
        _ cron: CronExpression,
        in timeZone: TimeZoneID,
        tenant: TenantID? = nil,
        body: @escaping @Sendable (Firing, borrowing Transaction) async throws -> Void
    ) {
        self.name = name
        self.cron = cron
        self.timeZone = timeZone
        self.tenant = tenant
        self.body = body
    }

    /// What is due of it at `present`, and when it is due next.
    func firing(due: Date, present: Date) -> (firing: Firing, next: Date) {
        var missed = 0
        var next = cron.next(after: due, in: timeZone) ?? .distantFuture
        while next <= present, missed < 1000 {
            missed += 1
            next = cron.next(after: next, in: timeZone) ?? .distantFuture
        }
        if next <= present { next = cron.next(after: present, in: timeZone) ?? .distantFuture }
        return (Firing(time: due, missed: missed), next)
    }
}
