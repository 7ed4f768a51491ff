import Foundation
import Postgres

/// The statements behind `QueueInspector`. The log is read beyond the cursors only, along its index; what lies before
/// them the ledger has counted.
enum InspectorStatements {
    /// Each lane of each subscription, with its newest row of the ledger and what lies beyond it.
    private static let lanes: SQL = """
        SELECT s.subscription, s.topic, c.owner, c.seen, c.handled, g.pending, g.oldest
        FROM queue.subscriptions s
             JOIN queue.topics t USING (topic)
             CROSS JOIN generate_series(0, t.lanes - 1) n
             CROSS JOIN LATERAL (SELECT * FROM queue.ledger l
                                 WHERE l.subscription = s.subscription AND l.lane = t.first_lane + n
                                 ORDER BY l.seq DESC LIMIT 1) c
             CROSS JOIN LATERAL queue.lag(t.first_lane + n, c.position) g
        """

    static let topics: SQL = """
        WITH counted AS (SELECT topic, subscription, sum(seen + pending) AS published FROM (\(lanes)) x
                         GROUP BY topic, subscription)
        SELECT t.topic, t.lanes,
               coalesce((SELECT max(published) FROM counted c WHERE c.topic = t.topic),
                        (SELECT sum(g.pending) FROM generate_series(0, t.lanes - 1) n,
                                LATERAL queue.lag(t.first_lane + n, 0) g))::bigint
        FROM queue.topics t ORDER BY t.topic
        """

    static let subscriptions: SQL = """
        SELECT s.name, s.topic, count(*)::int, sum(x.pending)::bigint,
               coalesce(extract(epoch FROM clock_timestamp() - min(x.oldest)), 0)::float8,
               (SELECT count(*) FROM queue.retries r WHERE r.subscription = s.subscription),
               (SELECT count(*) FROM queue.dead_letters d WHERE d.subscription = s.subscription),
               (sum(x.handled) + s.recovered)::bigint,
               coalesce(array_agg(DISTINCT w.name) FILTER (WHERE w.name IS NOT NULL), '{}')
        FROM queue.subscriptions s
             JOIN (\(lanes)) x USING (subscription)
             LEFT JOIN queue.living w ON w.worker = x.owner
        GROUP BY s.subscription, s.name, s.topic ORDER BY s.name
        """

    static func failed(limit: Int) -> SQL {
        """
        SELECT s.name, m.id, m.type, m.subject, m.tenant, m.attempt, m.error, m.failed_at, m.due, m.due IS NULL
        FROM (SELECT subscription, id, type, subject, tenant, attempt, error, failed_at, due FROM queue.retries
              UNION ALL
              SELECT subscription, id, type, subject, tenant, attempt, error, failed_at, NULL
              FROM queue.dead_letters) m
             JOIN queue.subscriptions s USING (subscription)
        ORDER BY m.failed_at DESC, m.id DESC LIMIT \(limit)
        """
    }

    static func makeDue(subscription: String, id: UUID) -> SQL {
        "UPDATE queue.retries SET due = clock_timestamp() WHERE \(row(subscription, id)) AND due < 'infinity'"
    }

    static func revive(subscription: String, id: UUID) -> SQL {
        """
        WITH risen AS (DELETE FROM queue.dead_letters WHERE \(row(subscription, id)) RETURNING *)
        INSERT INTO queue.retries (subscription, due, attempt, error, id, published_at, tenant, type, subject, headers,
                                   body)
        SELECT subscription, clock_timestamp(), 1, error, id, published_at, tenant, type, subject, headers, body
        FROM risen
        """
    }

    static func dropRetry(subscription: String, id: UUID) -> SQL {
        "SELECT FROM queue.subscriptions s WHERE s.name = \(subscription) AND queue.end_retry(s.subscription, \(id))"
    }

    static func dropDead(subscription: String, id: UUID) -> SQL {
        "DELETE FROM queue.dead_letters WHERE \(row(subscription, id))"
    }

    private static func row(_ subscription: String, _ id: UUID) -> SQL {
        "id = \(id) AND subscription = (SELECT subscription FROM queue.subscriptions WHERE name = \(subscription))"
    }
}
