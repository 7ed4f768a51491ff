import Domain
import Foundation
import Postgres

/// This worker's life as the other workers see it: its lease, and the lanes that it takes and gives back.
///
/// One lease holds for all lanes of the worker, and is renewed apart from the handlers: a slow batch loses no lane.
struct LaneOwnership: Sendable {
    let database: Database
    let worker: UUID
    let lease: Duration
    /// How many messages go one by one after a takeover from an owner that vanished.
    let careful: Int

    /// Declares the subscription, from the start of what the log holds if it is new.
    func declare(_ router: MessageRouter) async throws -> Int32 {
        let rows = try await database.query(
            "SELECT queue.declare(\(router.subscription), \(router.topic.rawValue))"
        )
        guard let row = rows.first else { throw PostgresError(.decoding, message: "queue.declare told nothing") }
        return try row.decode(Int32.self)
    }

    /// Renews the lease, and tells whether this is a worker that the others have not seen yet.
    @discardableResult
    func renew(subscriptions: [Int32]) async throws -> Bool {
        let name = "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)"
        let rows = try await database.query(
            """
            INSERT INTO queue.workers AS w (worker, name, alive_until, subscriptions)
            VALUES (\(worker), \(name), clock_timestamp() + make_interval(secs => \(lease.seconds)), \(subscriptions))
            ON CONFLICT (worker) DO UPDATE SET alive_until = excluded.alive_until
            RETURNING xmax = 0 AS is_new
            """
        )
        return try rows.first?.decode(Bool.self) ?? false
    }

    func spread(of subscription: Int32) async throws -> LaneSpread {
        let lanes = try await database.query(
            """
            SELECT t.first_lane + n, w.worker
            FROM queue.subscriptions s
                 JOIN queue.topics t USING (topic)
                 CROSS JOIN generate_series(0, t.lanes - 1) n
                 CROSS JOIN LATERAL (SELECT owner FROM queue.ledger l
                                     WHERE l.subscription = s.subscription AND l.lane = t.first_lane + n
                                     ORDER BY l.seq DESC LIMIT 1) c
                 LEFT JOIN queue.workers w ON w.worker = c.owner AND w.alive_until > clock_timestamp()
            WHERE s.subscription = \(subscription)
            """
        )
        let workers = try await database.query(
            """
            SELECT worker FROM queue.workers
            WHERE alive_until > clock_timestamp() AND \(subscription) = ANY (subscriptions) ORDER BY worker
            """
        )
        return LaneSpread(
            standings: try lanes.map { row in
                let (lane, owner) = try row.decode(Int32.self, UUID?.self)
                return .init(lane: lane, owner: owner)
            },
            workers: try workers.map { try $0.decode(UUID.self) }
        )
    }

    /// Tells those that were indeed free.
    func take(_ lanes: [Int32], of subscription: Int32) async throws -> [LaneCursor] {
        guard !lanes.isEmpty else { return [] }
        return try await database.query(
            """
            SELECT lane, seq, position, snapshot::text, next_xid::text, late_position, late_snapshot::text, seen,
                   handled, attempt
            FROM queue.take(\(subscription), \(lanes), \(worker))
            """
        ).map { row in
            let (lane, seq, position, snapshot, nextXID, latePosition, lateSnapshot, seen, handled, attempt) =
                try row.decode(
                    Int32.self,
                    Int64.self,
                    Int64.self,
                    String.self,
                    String.self,
                    Int64?.self,
                    String?.self,
                    Int64.self,
                    Int64.self,
                    Int32.self
                )
            var cursor = LaneCursor(
                lane: Lane(subscription: subscription, number: lane),
                seq: seq,
                position: position,
                snapshot: snapshot,
                nextXID: nextXID,
                seen: seen,
                handled: handled,
                attempt: Int(attempt)
            )
            if let latePosition, let lateSnapshot {
                cursor.late = .init(position: latePosition, snapshot: lateSnapshot)
            }
            if attempt > 0 { cursor.careful = careful }
            return cursor
        }
    }

    /// Gives a lane back as it stands; counts no attempt.
    func giveBack(_ cursor: LaneCursor) async throws {
        try await database.transaction { tx in
            tx.enqueue(QueueStatements.acknowledge(cursor, owner: nil))
            tx.notifyAfterCommit(Doorbell.lanes)
        }
    }

    /// Ends the lease: lanes that were not given back are free at once.
    func leave() async throws {
        try await database.transaction { tx in
            tx.enqueue("DELETE FROM queue.workers WHERE worker = \(worker)")
            tx.notifyAfterCommit(Doorbell.lanes)
        }
    }

    func ring() async throws {
        try await database.transaction { tx in
            try await tx.execute("SELECT 1")
            tx.notifyAfterCommit(Doorbell.lanes)
        }
    }
}
