public import Postgres

/// The schema `queue`, and the group role `tradewind_queue` whose members may publish and consume.
public enum QueueMigrations {
    public static let schema = "queue"
    public static let all: [Migration] = []
}
