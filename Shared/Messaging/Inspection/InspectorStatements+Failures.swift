import Foundation
import Postgres

/// Of one failed message, or where no id is given of all that a subscription has.
extension InspectorStatements {
    /// Not those that a worker has in hand, and that wait behind an earlier one of their key.
    static func makeDue(subscription: String, id: UUID?) -> SQL {
        """
        UPDATE queue.retries SET due = clock_timestamp()
        WHERE \(rows(subscription, id)) AND due < 'infinity' AND NOT (is_claimed AND due > clock_timestamp())
        """
    }

    /// One that a replay has brought among the retries too stays there.
    static func revive(subscription: String, id: UUID?) -> SQL {
        """
        WITH risen AS (DELETE FROM queue.dead_letters WHERE \(rows(subscription, id)) RETURNING *)
        INSERT INTO queue.retries (subscription, due, attempt, error, id, published_at, tenant, type, subject, headers,
                                   body)
        SELECT subscription, clock_timestamp(), 1, error, id, published_at, tenant, type, subject, headers, body
        FROM risen ORDER BY published_at
        ON CONFLICT (subscription, id) DO NOTHING
        """
    }

    static func dropRetry(subscription: String, id: UUID) -> SQL {
        "SELECT FROM queue.subscriptions s WHERE s.name = \(subscription) AND queue.end_retry(s.subscription, \(id))"
    }

    static func dropDead(subscription: String, id: UUID?) -> SQL {
        "DELETE FROM queue.dead_letters WHERE \(rows(subscription, id))"
    }

    private static func rows(_ subscription: String, _ id: UUID?) -> SQL {
        """
        subscription = (SELECT subscription FROM queue.subscriptions WHERE name = \(subscription))
        AND (\(id) IS NULL OR id = \(id))
        """
    }
}
