import Domain
import Foundation
import Postgres

/// The statements for what waits for its time: keys, timers, schedules.
enum TimeStatements {
    /// Publishes those of the messages whose key no earlier one holds; of messages in hand with one key, the first.
    /// A rival that holds the key and has not committed yet is waited for. Keys are claimed in their order, so that two
    /// such statements can't wait for each other.
    static func publishOnce<M: Message>(
        _ messages: [M],
        keys: [String],
        window: Duration,
        tenant: TenantID,
        headers: [String: String]
    ) -> SQL {
        """
        WITH m AS (
            SELECT DISTINCT ON (m.key) m.id, m.subject, m.body, m.key, m.place
            FROM unnest(\(messages.map { _ in ID<M>().uuid }), \(messages.map(\.key)),
                        \(messages.map { JSONText($0) }), \(keys))
                 WITH ORDINALITY AS m (id, subject, body, key, place)
            ORDER BY m.key, m.place
        ), claimed AS (
            INSERT INTO queue.deduplication_keys AS k (tenant, topic, key, message, kept_until)
            SELECT \(tenant.uuid), \(M.topic.rawValue), m.key, m.id,
                   clock_timestamp() + make_interval(secs => \(window.seconds))
            FROM m ORDER BY m.key
            ON CONFLICT (tenant, topic, key)
                DO UPDATE SET message = excluded.message, kept_until = excluded.kept_until
                WHERE k.kept_until <= clock_timestamp()
            RETURNING k.message
        )
        INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
        SELECT m.id, \(tenant.uuid), t.first_lane + (hashtextextended(m.subject, 0) & 2147483647) % t.lanes, r.segment,
               \(M.type), m.subject, \(MessageHeaders(headers)), m.body
        FROM m
             JOIN claimed c ON c.message = m.id
             CROSS JOIN queue.ring r
             LEFT JOIN queue.topics t ON t.topic = \(M.topic.rawValue)
        ORDER BY m.place
        """
    }

    /// An unknown topic is NULL, which the table does not take.
    static func setTimer<M: Message>(
        _ message: M,
        at due: Date,
        key: String?,
        tenant: TenantID,
        headers: [String: String]
    ) -> SQL {
        """
        INSERT INTO queue.timers (id, due, tenant, topic, key, type, subject, headers, body)
        VALUES (\(ID<M>().uuid), \(due), \(tenant.uuid),
                (SELECT topic FROM queue.topics WHERE topic = \(M.topic.rawValue)), \(key), \(M.type), \(message.key),
                \(MessageHeaders(headers)), \(JSONText(message)))
        ON CONFLICT (tenant, topic, key)
            DO UPDATE SET id = excluded.id, due = excluded.due, type = excluded.type, subject = excluded.subject,
                          headers = excluded.headers, body = excluded.body
        """
    }

    static func cancelTimer(_ key: String, topic: Topic, tenant: TenantID) -> SQL {
        "DELETE FROM queue.timers WHERE tenant = \(tenant.uuid) AND topic = \(topic.rawValue) AND key = \(key)"
    }

    static func fireTimers(at present: Date?) -> SQL {
        "SELECT fired, topics, next_due_in FROM queue.fire_timers(coalesce(\(present), clock_timestamp()))"
    }

    static let forgetKeys: SQL = "SELECT queue.forget_keys()"

    /// A row for each of the schedules: as it is stored, or NULL where it is not.
    static func schedules(_ names: [String], at present: Date?) -> SQL {
        """
        SELECT n.name, coalesce(\(present), clock_timestamp()), s.cron, s.time_zone, s.next_at, s.fired_for, s.served_at
        FROM unnest(\(names)) AS n (name) LEFT JOIN queue.schedules s USING (name)
        """
    }

    /// Touches no row where it is not as it was found: somebody has fired it, or declared it otherwise.
    static func declare(_ schedule: Schedule, next: Date, at present: Date, instead found: StoredSchedule?) -> SQL {
        """
        INSERT INTO queue.schedules AS s (name, cron, time_zone, next_at, served_at)
        VALUES (\(schedule.name), \(schedule.cron.description), \(schedule.timeZone.description), \(next), \(present))
        ON CONFLICT (name)
            DO UPDATE SET cron = excluded.cron, time_zone = excluded.time_zone, next_at = excluded.next_at,
                          served_at = excluded.served_at
            WHERE s.next_at = \(found?.next) AND s.served_at = \(found?.servedAt)
        """
    }

    static func serve(_ schedule: Schedule, at present: Date) -> SQL {
        """
        UPDATE queue.schedules SET served_at = \(present)
        WHERE name = \(schedule.name) AND cron = \(schedule.cron.description)
          AND time_zone = \(schedule.timeZone.description)
        """
    }

    /// Touches a row for one of all that fire `due`, whoever comes first.
    static func advance(_ schedule: Schedule, from due: Date, to next: Date) -> SQL {
        """
        UPDATE queue.schedules
        SET next_at = \(next), fired_for = next_at, fired_at = clock_timestamp(), fired = fired + 1
        WHERE name = \(schedule.name) AND next_at = \(due) AND cron = \(schedule.cron.description)
          AND time_zone = \(schedule.timeZone.description)
        """
    }
}
