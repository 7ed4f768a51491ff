import Domain
import Foundation
import Postgres

/// The lanes that a worker takes and gives back.
struct LaneOwnership: Sendable {
    let database: Database
    let worker: UUID
    /// How many messages go one by one after a takeover from an owner that vanished.
    let careful: Int

    /// Declares the subscription, where it is new.
    func declare(_ router: MessageRouter) async throws -> Int32 {
        let rows = try await database.query(
            "SELECT queue.declare(\(router.subscription), \(router.topic.rawValue), \(router.beginning.sql))"
        )
        guard let row = rows.first else { throw PostgresError(.decoding, message: "queue.declare told nothing") }
        return try row.decode(Int32.self)
    }

    /// How the lanes of each subscription stand.
    func spreads(of subscriptions: [Int32]) async throws -> [Int32: LaneSpread] {
        let lanes = try await database.query(
            "SELECT subscription, lane, owner, is_alive FROM queue.standings(\(subscriptions))"
        ).map { try $0.decode(Int32.self, Int32.self, UUID?.self, Bool.self) }
        let workers = try await database.query("SELECT worker, subscriptions FROM queue.living ORDER BY worker")
            .map { try $0.decode(UUID.self, [Int32].self) }
        return Dictionary(
            uniqueKeysWithValues: subscriptions.map { subscription in
                let members = workers.filter { $0.1.contains(subscription) }.map(\.0)
                // Another order for each subscription, lest the same workers have the odd lanes of all of them.
                let first = members.isEmpty ? 0 : Int(subscription) % members.count
                let spread = LaneSpread(
                    standings: lanes.filter { $0.0 == subscription }.map {
                        .init(lane: $0.1, owner: $0.2, isAlive: $0.3)
                    },
                    workers: Array(members[first...] + members[..<first])
                )
                return (subscription, spread)
            }
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

    /// Gives lanes back as they stand, all at once, so that the others find them together; counts no attempt. One that
    /// was lost has been given already.
    func giveBack(_ cursors: [LaneCursor]) async throws {
        guard !cursors.isEmpty else { return }
        do {
            try await database.transaction { tx in
                for cursor in cursors { tx.enqueue(QueueStatements.acknowledge(cursor, owner: nil)) }
                tx.notifyAfterCommit(Doorbell.lanes)
            }
        } catch  where LaneLost(error) != nil {
            guard cursors.count > 1 else { return }
            for cursor in cursors { try await giveBack([cursor]) }
        }
    }
}
