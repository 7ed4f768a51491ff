public import Foundation
import Postgres

/// What operators do with subscriptions and topics, as the role that owns the queue. While consumers run or not.
extension QueueInspector {
    /// Nobody begins anything of the subscription any more; what is in hand is finished. Tells whether there is one.
    @discardableResult
    public func pause(subscription: String) async throws -> Bool {
        try await isTrue("SELECT queue.pause(\(subscription))")
    }

    @discardableResult
    public func resume(subscription: String) async throws -> Bool {
        try await isTrue("SELECT queue.resume(\(subscription))")
    }

    /// Whether the subscription is paused and no batch of it is in hand.
    public func isDrained(subscription: String) async throws -> Bool {
        try await isTrue("SELECT queue.is_drained(\(subscription))")
    }

    /// Delivers again what was published since: each message is handled once more, also where its effect has happened,
    /// and handlers must bear that. Jumps over nothing: a lane that has not come so far goes on from where it is. Retries
    /// and dead letters stay as they are.
    public func replay(subscription: String, from beginning: Beginning) async throws {
        try await database.query("SELECT queue.replay(\(subscription), \(beginning.sql))")
    }

    /// As `replay(subscription:from:)`, from a message that the log still holds. Scans the log for it.
    public func replay(subscription: String, fromMessage id: UUID) async throws {
        try await database.query("SELECT queue.replay_message(\(subscription), \(id))")
    }

    /// Jumps over what the subscription lags behind, or over what of it was published before a time: it never gets these
    /// messages, and the log no longer keeps them for it.
    public func cutOff(subscription: String, before time: Date? = nil) async throws {
        let end = time.map { Beginning.time($0) } ?? .now
        try await database.query("SELECT queue.cut_off(\(subscription), \(end.sql))")
    }

    /// Ends the subscription, with its retries and dead letters: the log no longer waits for it. Tells whether there was
    /// one. A consumer that starts with it later declares it anew.
    @discardableResult
    public func remove(subscription: String) async throws -> Bool {
        try await isTrue("SELECT queue.unsubscribe(\(subscription))")
    }

    /// Gives a topic a multiple of its lanes. Each key keeps its order: a new lane waits, for each subscription, until
    /// the lane that its keys came from was read up to there. Tells false while a transaction that has published stays
    /// open: try again.
    public func raiseLanes(of topic: String, to lanes: Int) async throws -> Bool {
        try await isTrue("SELECT queue.raise_lanes(\(topic), \(Int32(lanes)))")
    }

    /// Keeps what all have read for so long, to be replayed.
    public func setRetention(_ duration: Duration) async throws {
        try await database.execute("UPDATE queue.ring SET retention = make_interval(secs => \(duration.seconds))")
    }

    private func isTrue(_ sql: SQL) async throws -> Bool {
        guard let row = try await database.query(sql).first else { return false }
        return try row.decode(Bool.self)
    }
}
