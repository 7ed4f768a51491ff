public import Postgres

/// The schema `queue`, and the group role `tradewind_queue` whose members may publish and consume.
///
/// After a dump is restored into another cluster, call `queue.rebase()` before the first consumer starts.
public enum QueueMigrations {
    public static let schema = "queue"
    public static let all: [Migration] = [
        createTables, createFunctions, createMaintenance, createTime, createSubscriptions, createReplay,
        createRestore, createInspection,
    ]
}
