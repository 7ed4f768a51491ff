import Foundation
import Postgres

/// The statements for messages that failed. Their traffic is that of the failures, not of the messages.
enum FailureStatements {
    // A worker that lost its lane may have failed the same message as the lane's new owner: it meets the row here before
    // it meets the ledger's fence, which then rolls it back. Hence ON CONFLICT DO NOTHING.

    static func record(_ failure: Failure, of message: StoredMessage, lane: Lane) -> SQL {
        switch failure {
        case .retry(let after, let error):
            """
            INSERT INTO queue.retries (subscription, due, attempt, error, id, published_at, tenant, type, subject,
                                       headers, body)
            SELECT \(lane.subscription), clock_timestamp() + make_interval(secs => \(after.seconds)), 2, \(error),
                   id, published_at, tenant, type, subject, headers, body
            FROM queue.log WHERE lane = \(lane.number) AND position = \(message.position)
            ON CONFLICT DO NOTHING
            """
        case .dead(let error):
            """
            INSERT INTO queue.dead_letters (subscription, attempt, error, id, published_at, tenant, type, subject,
                                            headers, body)
            SELECT \(lane.subscription), \(Int32(message.attempt)), \(error), id, published_at, tenant, type, subject,
                   headers, body
            FROM queue.log WHERE lane = \(lane.number) AND position = \(message.position)
            ON CONFLICT DO NOTHING
            """
        }
    }

    /// Claims the retry that has been due longest. The attempt is counted at once: if the worker ends in the middle,
    /// the claim runs out and the next attempt begins.
    static func claim(subscription: Int32, lease: Duration) -> SQL {
        """
        UPDATE queue.retries r
        SET attempt = r.attempt + 1, is_claimed = true,
            due = clock_timestamp() + make_interval(secs => \(lease.seconds))
        FROM (SELECT subscription, id FROM queue.retries
              WHERE subscription = \(subscription) AND due <= clock_timestamp()
                AND NOT EXISTS (SELECT FROM queue.subscriptions s
                                WHERE s.subscription = \(subscription) AND s.paused_at IS NOT NULL)
              ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED) d
        WHERE r.subscription = d.subscription AND r.id = d.id
        RETURNING r.id, r.published_at, r.tenant, r.type, r.subject, nullif(r.headers, '{}'), r.body, r.attempt - 1
        """
    }

    /// False if another worker, after the claim ran out, has handled the message or declared it dead.
    static func end(_ message: StoredMessage, subscription: Int32) -> SQL {
        "SELECT queue.end_retry(\(subscription), \(message.id))"
    }

    static func countRecovered(subscription: Int32) -> SQL {
        "UPDATE queue.subscriptions SET recovered = recovered + 1 WHERE subscription = \(subscription)"
    }

    /// Does nothing if the claim ran out and the message was claimed anew: what becomes of it is decided there.
    static func record(_ failure: Failure, ofRetry message: StoredMessage, subscription: Int32) -> SQL {
        let claimed = Int32(message.attempt + 1)
        switch failure {
        case .retry(let after, let error):
            return """
                UPDATE queue.retries
                SET due = clock_timestamp() + make_interval(secs => \(after.seconds)), is_claimed = false,
                    error = \(error), failed_at = clock_timestamp()
                WHERE subscription = \(subscription) AND id = \(message.id) AND attempt = \(claimed)
                """
        case .dead(let error):
            return "SELECT queue.bury_retry(\(subscription), \(message.id), \(claimed), \(error))"
        }
    }

    /// Behind what is already there of their keys.
    static func park(_ messages: [StoredMessage], lane: Lane) -> SQL {
        "SELECT queue.park(\(lane.subscription), \(lane.number), \(messages.compactMap(\.position)))"
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
