import Domain
import Foundation
import Postgres

/// The statements of the hot path: publish, read, acknowledge.
enum QueueStatements {
    /// One row for each message. An unknown topic has no lane, which the log does not take.
    static func publish<M: Message>(_ messages: [M], tenant: TenantID, headers: [String: String]) -> SQL {
        if messages.count == 1 { return publish(messages[0], tenant: tenant, headers: headers) }
        return """
            INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
            SELECT m.id, \(tenant.uuid), t.first_lane + (hashtextextended(m.subject, 0) & 2147483647) % t.lanes, r.segment,
                   \(M.type), m.subject, \(MessageHeaders(headers)), m.body
            FROM queue.ring r,
                 unnest(\(messages.map { _ in ID<M>().uuid }), \(messages.map(\.key)), \(messages.map { JSONText($0) }))
                     WITH ORDINALITY AS m (id, subject, body, place)
                 LEFT JOIN queue.topics t ON t.topic = \(M.topic.rawValue)
            ORDER BY m.place
            """
    }

    /// The same for one message: its plan does not depend on the length of arrays, and so is not made anew each time,
    /// which would cost more than the insert.
    private static func publish<M: Message>(_ message: M, tenant: TenantID, headers: [String: String]) -> SQL {
        """
        INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
        SELECT \(ID<M>().uuid), \(tenant.uuid),
               t.first_lane + (hashtextextended(\(message.key), 0) & 2147483647) % t.lanes, r.segment,
               \(M.type), \(message.key), \(MessageHeaders(headers)), \(JSONText(message))
        FROM queue.ring r LEFT JOIN queue.topics t ON t.topic = \(M.topic.rawValue)
        """
    }

    static func read(_ cursor: LaneCursor, limit: Int, router: MessageRouter) -> SQL {
        """
        SELECT id, published_at, tenant, type, subject, headers, body, position, is_late, must_wait, snapshot,
               next_xid
        FROM queue.read(
            \(cursor.lane.subscription), \(cursor.lane.number), \(cursor.seq), \(cursor.position),
            \(cursor.snapshot)::pg_snapshot, \(cursor.nextXID)::xid8, \(cursor.late?.position),
            \(cursor.late?.snapshot)::pg_snapshot, \(Int32(limit)), \(router.types), \(router.families),
            \(router.isStrict))
        """
    }

    /// Appends the ledger's row after `cursor.seq`; with no owner it gives the lane back.
    static func acknowledge(_ cursor: LaneCursor, owner: UUID?) -> SQL {
        """
        SELECT queue.acknowledge(
            \(cursor.lane.subscription), \(cursor.lane.number), \(cursor.seq), \(owner), \(Int32(cursor.attempt)),
            \(cursor.position), \(cursor.snapshot)::pg_snapshot, \(cursor.nextXID)::xid8, \(cursor.late?.position),
            \(cursor.late?.snapshot)::pg_snapshot, \(cursor.seen), \(cursor.handled))
        """
    }
}

extension Reading {
    /// The rows of `QueueStatements.read`: the first holds the snapshot.
    init(rows: [Row], limit: Int) throws {
        guard let first = rows.first else { throw PostgresError(.decoding, message: "queue.read told no snapshot") }
        var messages = try rows.dropFirst().map { row in
            try StoredMessage(
                row: row,
                position: row.decode(Int64.self, at: 7),
                isLate: row.decode(Bool?.self, at: 8) ?? false,
                mustWait: row.decode(Bool?.self, at: 9) ?? false
            )
        }
        messages.joinBodies()
        try self.init(
            snapshot: first.decode(String.self, at: 10),
            nextXID: first.decode(String.self, at: 11),
            messages: messages,
            limit: limit
        )
    }
}
