public import Domain
public import Foundation
import Postgres

extension QueueInspector {
    public struct FailedMessage: Sendable, Codable {
        public let subscription: String
        public let id: UUID
        public let type: String
        public let subject: String
        public let tenant: UUID
        /// Of a message that waits, the attempt to come; of a dead one, the last.
        public let attempt: Int
        public let error: String
        public let time: Date
        /// `nil`: it is dead, or waits behind an earlier message of its key.
        public let due: Date?
        public let isDead: Bool
    }

    /// Newest first: of one tenant, or of all.
    public func failedMessages(of tenant: TenantID? = nil, limit: Int = 100) async throws -> [FailedMessage] {
        try await look(InspectorStatements.failed(tenant: tenant?.uuid, limit: limit)).map { row in
            let (subscription, id, type, subject, tenant, attempt, error, time, due, isDead) = try row.decode(
                String.self,
                UUID.self,
                String.self,
                String.self,
                UUID.self,
                Int32.self,
                String.self,
                Date.self,
                Date?.self,
                Bool.self
            )
            return FailedMessage(
                subscription: subscription,
                id: id,
                type: type,
                subject: subject,
                tenant: tenant,
                attempt: Int(attempt),
                error: error,
                time: time,
                due: due,
                isDead: isDead
            )
        }
    }

    /// Makes a dead or waiting message due now. Tells whether there was one. A dead one begins again at attempt 1.
    public func retry(subscription: String, id: UUID) async throws -> Bool {
        try await database.transaction { tx in
            let woken = try await tx.execute(InspectorStatements.makeDue(subscription: subscription, id: id))
            let risen = try await tx.execute(InspectorStatements.revive(subscription: subscription, id: id))
            return woken + risen > 0
        }
    }

    /// Drops a dead or waiting message for good. Tells whether there was one.
    public func discard(subscription: String, id: UUID) async throws -> Bool {
        try await database.transaction { tx in
            let waiting = try await tx.execute(InspectorStatements.dropRetry(subscription: subscription, id: id))
            let dead = try await tx.execute(InspectorStatements.dropDead(subscription: subscription, id: id))
            return waiting + dead > 0
        }
    }

    /// Makes all that is dead or waits due now. Tells how many they were.
    public func retryAll(subscription: String) async throws -> Int {
        try await database.transaction { tx in
            let woken = try await tx.execute(InspectorStatements.makeDue(subscription: subscription, id: nil))
            return woken + (try await tx.execute(InspectorStatements.revive(subscription: subscription, id: nil)))
        }
    }

    /// Drops all dead letters for good. Tells how many they were.
    public func discardDeadLetters(subscription: String) async throws -> Int {
        try await database.execute(InspectorStatements.dropDead(subscription: subscription, id: nil))
    }
}
