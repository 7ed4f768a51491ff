import Foundation
import Postgres
import Synchronization

/// This worker's life as the other workers see it (`queue.living`).
///
/// It ends with its session lock, which the server lets go as soon as the connection that hears the doorbells is gone:
/// so a killed process is noticed at once. It ends too with its lease, so that a machine that stands still is noticed.
/// Behind a pooler that gives no connection of one's own there is only the lease.
final class WorkerLife: Sendable {
    private struct State {
        var subscriptions: [Int32] = []
        var holdsLock = false
        var renewedAt: ContinuousClock.Instant?
    }

    let id = UUID()
    let usesLock: Bool
    private let database: Database
    private let lease: Duration
    private let lock = Int32.random(in: 1...Int32.max)
    private let state = Mutex(State())

    init(database: Database, options: Consumer.Options) {
        self.database = database
        lease = options.leaseTime
        usesLock = options.ownership == .automatic && database.configuration.listensDirectly
    }

    /// Shared, so that a connection that replaces another need not wait until the server has noticed its end.
    var takeLock: SQL { "SELECT pg_advisory_lock_shared(1953984876, \(lock))" }

    /// The lock was taken: from the next renewal on the life hangs on it too.
    func lockWasTaken() {
        state.withLock { state in
            if !state.holdsLock { state.renewedAt = nil }
            state.holdsLock = true
        }
    }

    /// Has a share in the lanes of these subscriptions from the next renewal on; of none, while it ends.
    func serve(_ subscriptions: [Int32]) {
        state.withLock { state in
            state.subscriptions = subscriptions
            state.renewedAt = nil
        }
    }

    /// Renews the lease where it is time, and tells whether this is a worker that the others have not seen yet.
    @discardableResult
    func renew() async throws -> Bool {
        let now = ContinuousClock.now
        let due: (subscriptions: [Int32], holdsLock: Bool)? = state.withLock { state in
            if let renewedAt = state.renewedAt, now - renewedAt < lease / 3 { return nil }
            // Before it is true, so that what changes in the meantime makes it due again.
            state.renewedAt = now
            return (state.subscriptions, state.holdsLock)
        }
        guard let due else { return false }
        do {
            return try await write(due.subscriptions, holdsLock: due.holdsLock)
        } catch {
            state.withLock { $0.renewedAt = nil }
            throw error
        }
    }

    private func write(_ subscriptions: [Int32], holdsLock: Bool) async throws -> Bool {
        let name = "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)"
        let rows = try await database.query(
            """
            INSERT INTO queue.workers AS w (worker, name, alive_until, lock, subscriptions)
            VALUES (\(id), \(name), clock_timestamp() + make_interval(secs => \(lease.seconds)),
                    \(holdsLock ? lock : nil), \(subscriptions))
            ON CONFLICT (worker) DO UPDATE
            SET alive_until = excluded.alive_until, lock = excluded.lock, subscriptions = excluded.subscriptions
            RETURNING xmax = 0 AS is_new
            """
        )
        return try rows.first?.decode(Bool.self) ?? false
    }

    /// Ends the lease: lanes that were not given back are free at once.
    func end() async throws {
        try await database.transaction { tx in
            tx.enqueue("DELETE FROM queue.workers WHERE worker = \(id)")
            tx.notifyAfterCommit(Doorbell.lanes)
        }
    }

    /// Tells the others to share the lanes anew.
    func ring() async throws {
        try await database.transaction { tx in
            try await tx.execute("SELECT 1")
            tx.notifyAfterCommit(Doorbell.lanes)
        }
    }
}
