public import Logging
public import ServiceLifecycle

/// A pool of connections to one database. Run it as a service; statements wait until it runs.
public final class Database: Service, Sendable {
    public struct Configuration: Sendable {
        /// A libpq connection string or `postgres://` URL; may name several hosts, TLS parameters and so on.
        public var url: String
        /// The role that every connection takes on at its start (`SET ROLE`), if it is not the one that logs in.
        public var role: String?
        public var maximumConnections = 16
        /// How long a caller waits for a connection before `PostgresError.Code.poolTimeout`.
        public var acquireTimeout: Duration = .seconds(10)
        /// How long a statement may take before it is cancelled; a transaction may set its own.
        public var statementDeadline: Duration = .seconds(30)
        /// Off behind a pooler in transaction mode.
        public var preparesStatements = true
        public var applicationName = "tradewind"

        public init(url: String, role: String? = nil) {
            self.url = url
            self.role = role
        }
    }

    public let configuration: Configuration

    public init(configuration: Configuration, logger: Logger) {
        self.configuration = configuration
    }

    /// Keeps the pool healthy until the task is cancelled or the graceful shutdown begins; then lets what runs finish.
    public func run() async throws { fatalError("stub") }

    /// Runs one statement in a transaction of its own.
    @discardableResult
    public func query(_ sql: SQL, deadline: Duration? = nil) async throws -> [Row] { fatalError("stub") }

    /// Runs one statement and tells how many rows it touched.
    @discardableResult
    public func execute(_ sql: SQL, deadline: Duration? = nil) async throws -> Int { fatalError("stub") }

    /// Runs `body` in one transaction: COMMIT when it returns, ROLLBACK when it throws.
    ///
    /// BEGIN travels with the first statement, and statements sent with `enqueue` with whatever comes next, up to the
    /// COMMIT itself. Settings are set with `SET LOCAL` (`set_config(…, true)`).
    /// Serialization failures and deadlocks (40001, 40P01) are thrown, not retried.
    public func transaction<Result: Sendable>(
        _ options: TransactionOptions = .init(),
        _ body: (borrowing Transaction) async throws -> Result
    ) async throws -> Result { fatalError("stub") }

    /// Runs statements outside pipeline mode on one connection: for migrations and `VACUUM`. Several statements may be
    /// in one text; there are no binds.
    public func executeScript(_ sql: StaticString) async throws { fatalError("stub") }

    /// Notifications on `channels`, over a connection of its own that reconnects with capped backoff. After each
    /// (re)connection one notification with an empty payload arrives for each channel, since some may have been missed.
    public func listen(to channels: [String]) -> AsyncThrowingStream<Notification, any Error> { fatalError("stub") }
}

public struct Notification: Sendable, Hashable {
    public let channel: String
    public let payload: String
}

public struct TransactionOptions: Sendable {
    public enum Isolation: Sendable { case readCommitted, repeatableRead, serializable }
    public var isolation: Isolation = .readCommitted
    public var isReadOnly = false
    /// Session settings that hold for the transaction only, such as `tradewind.tenant`.
    public var settings: [String: String] = [:]
    public var deadline: Duration?
    public init(settings: [String: String] = [:], isReadOnly: Bool = false) {
        self.settings = settings
        self.isReadOnly = isReadOnly
    }
}

/// A transaction in progress. It can't be copied or kept beyond the closure that it is lent to.
public struct Transaction: ~Copyable {
    /// The settings that the transaction was begun with.
    public let settings: [String: String]

    @discardableResult
    public borrowing func query(_ sql: SQL) async throws -> [Row] { fatalError("stub") }

    @discardableResult
    public borrowing func execute(_ sql: SQL) async throws -> Int { fatalError("stub") }

    /// Sends a statement without waiting for its result. Its failure is thrown by the next `query` or `execute`, or by
    /// the commit.
    public borrowing func enqueue(_ sql: SQL) { fatalError("stub") }

    /// Runs `body` under a savepoint: if it throws, what it did is undone and the transaction lives on.
    public borrowing func savepoint<Result: Sendable>(
        _ body: (borrowing Transaction) async throws -> Result
    ) async throws -> Result { fatalError("stub") }

    /// Copies rows in: the connection leaves pipeline mode for it. Tells how many rows there were.
    public borrowing func copy(
        into table: String,
        schema: String,
        columns: [String],
        rows: some Sequence<[SQL.Bind]>
    ) async throws -> Int { fatalError("stub") }

    /// After the commit, and only then, sends NOTIFY on `channel`. Rings of one channel that fall together are one
    /// NOTIFY, outside the transaction; the last ring is never dropped while the database runs as a service.
    public borrowing func notifyAfterCommit(_ channel: String) { fatalError("stub") }
}
