import Foundation
import Postgres

extension InspectorStatements {
    static let timersState: SQL = """
        SELECT waiting, at_least, first_due,
               greatest(0, coalesce(extract(epoch FROM clock_timestamp() - first_due), 0))::float8
        FROM queue.waiting_timers()
        """

    static func timers(limit: Int) -> SQL {
        """
        SELECT id, due, tenant, topic, key, type, subject FROM queue.timers ORDER BY due, id LIMIT \(limit)
        """
    }

    static let schedules: SQL = """
        SELECT name, cron, time_zone, next_at,
               greatest(0, extract(epoch FROM clock_timestamp() - next_at))::float8, fired_for, fired_at, fired
        FROM queue.schedules ORDER BY name
        """

    /// A message is published within a minute of the making of its id; the clocks may differ by ten seconds.
    static func find(_ id: UUID, around time: Date) -> SQL {
        "SELECT lane, position FROM queue.find_message(\(id), \(time - 10), \(time + 60))"
    }

    /// Reads the whole log.
    static func search(_ id: UUID) -> SQL {
        "SELECT lane, position FROM queue.log WHERE id = \(id) LIMIT 1"
    }

    static func logged(_ place: QueueInspector.Place) -> SQL {
        """
        SELECT l.id, l.type, l.subject, l.tenant, t.topic, l.lane, l.position, l.published_at, NULL::timestamptz,
               l.headers, queue.pretty(l.body)
        FROM queue.log l LEFT JOIN queue.topics t ON l.lane >= t.first_lane AND l.lane < t.first_lane + t.lanes
        WHERE l.lane = \(place.lane) AND l.position = \(place.position)
        """
    }

    static func fates(_ place: QueueInspector.Place, _ id: UUID) -> SQL {
        """
        SELECT subscription, fate, attempt, error, due
        FROM queue.fates(\(place.lane), \(place.position), \(id))
        """
    }

    /// A message that is not in the log: to come, or failed.
    static func copy(of id: UUID) -> SQL {
        """
        SELECT id, type, subject, tenant, topic, NULL::int, NULL::bigint, NULL::timestamptz, due, headers,
               queue.pretty(body)
        FROM queue.timers WHERE id = \(id)
        UNION ALL
        SELECT m.id, m.type, m.subject, m.tenant, s.topic, NULL, NULL, m.published_at, NULL, m.headers,
               queue.pretty(m.body)
        FROM queue.subscriptions s
             CROSS JOIN LATERAL (SELECT id, type, subject, tenant, published_at, headers, body FROM queue.retries r
                                 WHERE r.subscription = s.subscription AND r.id = \(id)
                                 UNION ALL
                                 SELECT id, type, subject, tenant, published_at, headers, body FROM queue.dead_letters d
                                 WHERE d.subscription = s.subscription AND d.id = \(id)) m
        LIMIT 1
        """
    }

    static func fates(ofCopies id: UUID) -> SQL {
        """
        SELECT s.name, 'retrying', r.attempt, r.error, r.due
        FROM queue.subscriptions s JOIN queue.retries r USING (subscription) WHERE r.id = \(id)
        UNION ALL
        SELECT s.name, 'dead', d.attempt, d.error, NULL
        FROM queue.subscriptions s JOIN queue.dead_letters d USING (subscription) WHERE d.id = \(id)
        ORDER BY 1
        """
    }
}
