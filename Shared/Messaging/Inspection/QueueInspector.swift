public import Foundation
public import Postgres

/// Reads the queue's state for operators, and acts on it.
///
/// It counts nothing over the log: what lies before the cursors the ledger has counted, and what lies beyond them is
/// counted to 10,000 for each lane. So it costs the same whatever the log holds. A figure that was counted to its limit
/// only is said to be a least one.
public struct QueueInspector: Sendable {
    public struct TopicState: Sendable, Codable {
        public let topic: String
        public let lanes: Int
        /// Messages published since the topic began, as far as a subscription was there to count them: those that its
        /// cursors have passed and those beyond. With no subscription, what the log still holds.
        public let published: Int
        /// There may be more: some subscription lags too far to be counted.
        public let publishedIsAtLeast: Bool
        /// Messages published in a second, over the last minute or the newest 500 of each lane.
        public let publishedPerSecond: Double
    }

    public struct SubscriptionState: Sendable, Codable {
        public let subscription: String
        public let topic: String
        /// Since when nobody begins anything of it.
        public let paused: Date?
        public let lanes: Int
        /// Messages beyond the cursors (counted to 10,000 for each lane), and the age of the oldest of them.
        public let lag: Int
        public let lagIsAtLeast: Bool
        public let lagSeconds: Double
        /// Counted to 10,000, as are the dead letters.
        public let retries: Int
        public let retriesAreAtLeast: Bool
        public let deadLetters: Int
        public let deadLettersAreAtLeast: Bool
        /// Messages handled since the subscription began, and in a second over the last minute. Retries count in the
        /// first only.
        public let handled: Int
        public let handledPerSecond: Double
        /// The living owners of its lanes.
        public let owners: [Owner]
    }

    public struct Owner: Sendable, Codable, Hashable {
        /// Host and process.
        public let worker: String
        public let lanes: Int
    }

    public struct LaneState: Sendable, Codable {
        public let subscription: String
        public let lane: Int
        /// Host and process, if it lives.
        public let owner: String?
        /// What its cursor has come to.
        public let position: Int
        /// Counted to 10,000.
        public let lag: Int
        public let lagIsAtLeast: Bool
        public let lagSeconds: Double
        public let handledPerSecond: Double
        /// When the lane was last taken, acknowledged or given back.
        public let movedAt: Date
    }

    public struct LogState: Sendable, Codable {
        /// Of which some are empty.
        public let segments: Int
        public let filled: Int
        /// On disk, indexes included.
        public let bytes: Int
        /// The end of the oldest segment that is still kept; `nil`: there is only the present one.
        public let oldestClosed: Date?
        /// For how long what all have read is kept.
        public let retentionSeconds: Double
    }

    let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Without the compiler of plans: for these it takes longer than they do.
    func look(_ sql: SQL, deadline: Duration? = nil) async throws -> [Row] {
        var options = TransactionOptions(settings: ["jit": "off"], isReadOnly: true)
        options.deadline = deadline
        return try await database.transaction(options) { try await $0.query(sql) }
    }

    public func topics() async throws -> [TopicState] {
        try await look(InspectorStatements.topics).map { row in
            let (topic, lanes, published, isAtLeast, rate) = try row.decode(
                String.self,
                Int32.self,
                Int64.self,
                Bool.self,
                Double.self
            )
            return TopicState(
                topic: topic,
                lanes: Int(lanes),
                published: Int(published),
                publishedIsAtLeast: isAtLeast,
                publishedPerSecond: rate
            )
        }
    }

    public func log() async throws -> LogState {
        guard let row = try await look(InspectorStatements.log).first else {
            throw PostgresError(.decoding, message: "the log's state is no row")
        }
        let (segments, filled, bytes, closed, retention) = try row.decode(
            Int32.self,
            Int32.self,
            Int64.self,
            Date?.self,
            Double.self
        )
        return LogState(
            segments: Int(segments),
            filled: Int(filled),
            bytes: Int(bytes),
            oldestClosed: closed,
            retentionSeconds: retention
        )
    }

    public func subscriptions() async throws -> [SubscriptionState] {
        try await look(InspectorStatements.subscriptions).map { row in
            let (name, topic, paused, lanes, lag, isAtLeast, seconds, retries, dead, handled, rate, owners) =
                try row.decode(
                    String.self,
                    String.self,
                    Date?.self,
                    Int32.self,
                    Int64.self,
                    Bool.self,
                    Double.self,
                    Int64.self,
                    Int64.self,
                    Int64.self,
                    Double.self,
                    JSON<[Owner]>.self
                )
            return SubscriptionState(
                subscription: name,
                topic: topic,
                paused: paused,
                lanes: Int(lanes),
                lag: Int(lag),
                lagIsAtLeast: isAtLeast,
                lagSeconds: seconds,
                retries: Int(retries),
                retriesAreAtLeast: retries == InspectorStatements.limit,
                deadLetters: Int(dead),
                deadLettersAreAtLeast: dead == InspectorStatements.limit,
                handled: Int(handled),
                handledPerSecond: rate,
                owners: owners.value
            )
        }
    }

    /// Of one subscription, or of all.
    public func lanes(of subscription: String? = nil) async throws -> [LaneState] {
        try await look(InspectorStatements.lanes(of: subscription)).map { row in
            let (name, lane, owner, position, lag, isAtLeast, seconds, rate, movedAt) = try row.decode(
                String.self,
                Int32.self,
                String?.self,
                Int64.self,
                Int64.self,
                Bool.self,
                Double.self,
                Double.self,
                Date.self
            )
            return LaneState(
                subscription: name,
                lane: Int(lane),
                owner: owner,
                position: Int(position),
                lag: Int(lag),
                lagIsAtLeast: isAtLeast,
                lagSeconds: seconds,
                handledPerSecond: rate,
                movedAt: movedAt
            )
        }
    }
}
