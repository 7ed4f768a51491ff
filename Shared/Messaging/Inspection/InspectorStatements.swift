import Foundation
import Postgres

/// The statements behind `QueueInspector` for the state of topics, subscriptions and lanes, and for failed messages.
enum InspectorStatements {
    /// To which the retries and the dead letters of a subscription are counted.
    static let limit: Int64 = 10_000

    /// Each lane of each subscription, with its newest row of the ledger and what lies beyond it.
    private static let lanes: SQL = """
        SELECT s.subscription, s.name, s.topic, c.lane, c.owner, c.position, c.seen, c.handled, c.written_at,
               g.pending, g.at_least, extract(epoch FROM clock_timestamp() - g.oldest)::float8 AS age,
               queue.handled_rate(s.subscription, c.lane) AS rate
        FROM queue.subscriptions s
             JOIN queue.topics t USING (topic)
             CROSS JOIN generate_series(0, t.lanes - 1) n
             CROSS JOIN LATERAL queue.newest(s.subscription, t.first_lane + n) c
             CROSS JOIN LATERAL queue.lag(c.lane, c.position) g
        """

    /// What was published is what some subscription has passed and what lies beyond; with none, what the log holds.
    static let topics: SQL = """
        WITH counted AS (SELECT topic, sum(seen + pending) AS published, bool_or(at_least) AS at_least FROM (\(lanes)) x
                         GROUP BY topic, subscription)
        SELECT t.topic, t.lanes, p.published::bigint, p.at_least,
               (SELECT sum(queue.published_rate(t.first_lane + n)) FROM generate_series(0, t.lanes - 1) n)
        FROM queue.topics t
             CROSS JOIN LATERAL (
                 SELECT max(c.published) AS published, bool_or(c.at_least) AS at_least
                 FROM counted c WHERE c.topic = t.topic HAVING count(*) > 0
                 UNION ALL
                 SELECT sum(g.pending), bool_or(g.at_least)
                 FROM generate_series(0, t.lanes - 1) n, LATERAL queue.lag(t.first_lane + n, 0) g
                 WHERE NOT EXISTS (SELECT FROM queue.subscriptions s WHERE s.topic = t.topic) HAVING count(*) > 0) p
        ORDER BY t.topic
        """

    static let subscriptions: SQL = """
        WITH lanes AS MATERIALIZED (\(lanes))
        SELECT s.name, s.topic, s.paused_at, count(*)::int, sum(x.pending)::bigint, bool_or(x.at_least),
               coalesce(max(x.age), 0),
               (SELECT count(*) FROM (SELECT FROM queue.retries r WHERE r.subscription = s.subscription
                                      LIMIT \(limit)) r),
               (SELECT count(*) FROM (SELECT FROM queue.dead_letters d WHERE d.subscription = s.subscription
                                      LIMIT \(limit)) d),
               (sum(x.handled) + s.recovered)::bigint, sum(x.rate),
               coalesce((SELECT jsonb_agg(jsonb_build_object('worker', o.name, 'lanes', o.lanes) ORDER BY o.name)
                         FROM (SELECT w.name, count(*) AS lanes
                               FROM lanes y JOIN queue.living w ON w.worker = y.owner
                               WHERE y.subscription = s.subscription
                               GROUP BY w.worker, w.name) o), '[]')
        FROM queue.subscriptions s JOIN lanes x USING (subscription)
        GROUP BY s.subscription ORDER BY s.name
        """

    /// The segments' sizes are those of their files. One may be dropped at this moment.
    static let log: SQL = """
        SELECT count(*)::int, count(*) FILTER (WHERE emptied_at IS NULL)::int,
               coalesce(sum(pg_total_relation_size(to_regclass(format('queue.log_%s', segment)))), 0)::bigint,
               min(closed_at), extract(epoch FROM (SELECT retention FROM queue.ring))::float8
        FROM queue.segments
        """

    static func lanes(of subscription: String?) -> SQL {
        """
        SELECT x.name, x.lane, w.name, x.position, x.pending, x.at_least, coalesce(x.age, 0), x.rate, x.written_at
        FROM (\(lanes)) x LEFT JOIN queue.living w ON w.worker = x.owner
        WHERE \(subscription) IS NULL OR x.name = \(subscription)
        ORDER BY x.name, x.lane
        """
    }

    /// The newest of each kind, by their indexes.
    static func failed(tenant: UUID?, limit: Int) -> SQL {
        """
        SELECT s.name, m.id, m.type, m.subject, m.tenant, m.attempt, m.error, m.failed_at, m.due, m.is_dead
        FROM ((SELECT subscription, id, type, subject, tenant, attempt, error, failed_at,
                      nullif(due, 'infinity') AS due, false AS is_dead
               FROM queue.retries WHERE \(tenant) IS NULL OR tenant = \(tenant)
               ORDER BY failed_at DESC LIMIT \(limit))
              UNION ALL
              (SELECT subscription, id, type, subject, tenant, attempt, error, failed_at, NULL, true
               FROM queue.dead_letters WHERE \(tenant) IS NULL OR tenant = \(tenant)
               ORDER BY failed_at DESC LIMIT \(limit))) m
             JOIN queue.subscriptions s USING (subscription)
        ORDER BY m.failed_at DESC, m.id DESC LIMIT \(limit)
        """
    }
}
