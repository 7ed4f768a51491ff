public import Foundation
public import Postgres

/// Reads the queue's state for operators, without counting over the log, and acts on failed messages.
public struct QueueInspector: Sendable {
    public struct SubscriptionState: Sendable, Codable {
        public let subscription: String
        public let topic: String
        public let lanes: Int
        /// Messages behind the end of the log (an upper bound from positions), and the age of the oldest of them.
        public let lag: Int
        public let lagSeconds: Double
        public let retries: Int
        public let deadLetters: Int
        /// Messages handled since the subscription began.
        public let handled: Int
        public let owners: [String]
    }

    public struct TopicState: Sendable, Codable {
        public let topic: String
        public let lanes: Int
        /// Messages published since the topic began.
        public let published: Int
    }

    public struct FailedMessage: Sendable, Codable {
        public let subscription: String
        public let id: UUID
        public let type: String
        public let subject: String
        public let tenant: UUID
        public let attempt: Int
        public let error: String
        public let time: Date
        public let due: Date?
        public let isDead: Bool
    }

    public init(database: Database) { fatalError("stub") }

    public func topics() async throws -> [TopicState] { fatalError("stub") }
    public func subscriptions() async throws -> [SubscriptionState] { fatalError("stub") }
    /// Newest first.
    public func failedMessages(limit: Int = 100) async throws -> [FailedMessage] { fatalError("stub") }
    /// Makes a dead or waiting message due now. Tells whether there was one.
    public func retry(subscription: String, id: UUID) async throws -> Bool { fatalError("stub") }
    /// Drops a dead or waiting message for good. Tells whether there was one.
    public func discard(subscription: String, id: UUID) async throws -> Bool { fatalError("stub") }
}
