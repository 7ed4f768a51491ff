public import Postgres

/// The schema `queue`, and the group role `tradewind_queue` whose members may publish and consume.
///
/// Not promised: a logical dump and restore. Cursors hold transaction ids of the cluster they were written in.
public enum QueueMigrations {
    public static let schema = "queue"
    public static let all: [Migration] = [createTables, createFunctions, createMaintenance, createTime]
}
