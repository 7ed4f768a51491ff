public import Foundation
import Postgres

extension QueueInspector {
    public struct TimersState: Sendable, Codable {
        /// Counted to 10,000.
        public let waiting: Int
        public let waitingIsAtLeast: Bool
        /// `nil`: there is none.
        public let nextDue: Date?
        /// How long the first has been due: more than a second or two tells that no consumer runs.
        public let overdueSeconds: Double
    }

    public struct TimerState: Sendable, Codable {
        /// That the message will have.
        public let id: UUID
        public let due: Date
        public let tenant: UUID
        public let topic: String
        /// By which it can be cancelled.
        public let timer: String?
        public let type: String
        public let subject: String
    }

    public struct ScheduleState: Sendable, Codable {
        public let schedule: String
        public let cron: String
        public let timeZone: String
        public let nextDue: Date
        /// More than a second or two tells that no replica runs it any more, or that it fails.
        public let overdueSeconds: Double
        /// The time that the last firing was meant for, and when it happened.
        public let lastTime: Date?
        public let lastFired: Date?
        public let fired: Int
    }

    /// Of all tenants.
    public func timersState() async throws -> TimersState {
        guard let row = try await look(InspectorStatements.timersState).first else {
            throw PostgresError(.decoding, message: "queue.waiting_timers told nothing")
        }
        let (waiting, isAtLeast, next, overdue) = try row.decode(Int64.self, Bool.self, Date?.self, Double.self)
        return TimersState(
            waiting: Int(waiting),
            waitingIsAtLeast: isAtLeast,
            nextDue: next,
            overdueSeconds: overdue
        )
    }

    /// The next ones; only the owner of the queue sees those of all tenants.
    public func timers(limit: Int = 100) async throws -> [TimerState] {
        try await look(InspectorStatements.timers(limit: limit)).map { row in
            let (id, due, tenant, topic, key, type, subject) = try row.decode(
                UUID.self,
                Date.self,
                UUID.self,
                String.self,
                String?.self,
                String.self,
                String.self
            )
            return TimerState(id: id, due: due, tenant: tenant, topic: topic, timer: key, type: type, subject: subject)
        }
    }

    public func schedules() async throws -> [ScheduleState] {
        try await look(InspectorStatements.schedules).map { row in
            let (name, cron, zone, next, overdue, lastTime, lastFired, fired) = try row.decode(
                String.self,
                String.self,
                String.self,
                Date.self,
                Double.self,
                Date?.self,
                Date?.self,
                Int64.self
            )
            return ScheduleState(
                schedule: name,
                cron: cron,
                timeZone: zone,
                nextDue: next,
                overdueSeconds: overdue,
                lastTime: lastTime,
                lastFired: lastFired,
                fired: Int(fired)
            )
        }
    }

    /// Forgets a schedule. Where a replica still declares it, it begins anew from now. Tells whether there was one.
    public func removeSchedule(_ name: String) async throws -> Bool {
        try await database.execute("DELETE FROM queue.schedules WHERE name = \(name)") > 0
    }
}
