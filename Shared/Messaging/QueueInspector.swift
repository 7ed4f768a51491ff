public import Foundation
public import Postgres

/// Reads the queue's state for operators, without counting over the log, and acts on failed messages.
public struct QueueInspector: Sendable {
    public struct SubscriptionState: Sendable, Codable {
        public let subscription: String
        public let topic: String
        public let lanes: Int
        /// Messages beyond the cursors (counted to 10,000 for each lane), and the age of the oldest of them.
        public let lag: Int
        public let lagSeconds: Double
        public let retries: Int
        public let deadLetters: Int
        /// Messages handled since the subscription began.
        public let handled: Int
        /// Host and process of each living owner of a lane.
        public let owners: [String]
    }

    public struct TopicState: Sendable, Codable {
        public let topic: String
        public let lanes: Int
        /// Messages published since the topic began, as far as a subscription was there to count them: those that its
        /// cursors have passed and those beyond. With no subscription, what the log still holds.
        public let published: Int
    }

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
        public let due: Date?
        public let isDead: Bool
    }

    let database: Database

    public init(database: Database) {
        self.database = database
    }

    public func topics() async throws -> [TopicState] {
        try await database.query(InspectorStatements.topics).map { row in
            let (topic, lanes, published) = try row.decode(String.self, Int32.self, Int64.self)
            return TopicState(topic: topic, lanes: Int(lanes), published: Int(published))
        }
    }

    public func subscriptions() async throws -> [SubscriptionState] {
        try await database.query(InspectorStatements.subscriptions).map { row in
            let (name, topic, lanes, lag, seconds, retries, dead, handled, owners) = try row.decode(
                String.self,
                String.self,
                Int32.self,
                Int64.self,
                Double.self,
                Int64.self,
                Int64.self,
                Int64.self,
                [String].self
            )
            return SubscriptionState(
                subscription: name,
                topic: topic,
                lanes: Int(lanes),
                lag: Int(lag),
                lagSeconds: seconds,
                retries: Int(retries),
                deadLetters: Int(dead),
                handled: Int(handled),
                owners: owners
            )
        }
    }

    /// Newest first.
    public func failedMessages(limit: Int = 100) async throws -> [FailedMessage] {
        try await database.query(InspectorStatements.failed(limit: limit)).map { row in
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
}
