extension Database {
    public struct Configuration: Sendable {
        /// A libpq connection string or `postgres://` URL; may name several hosts, TLS parameters and so on.
        /// `connect_timeout` is for each host; without it, it is 10 seconds.
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
        /// Where `listen` connects, if not with `url`: a pooler in transaction mode can't carry it.
        public var listenerURL: String?
        public var applicationName = "tradewind"

        /// Whether `listen` reaches the server itself, so that what is said on its connection holds as long as that does.
        public var listensDirectly: Bool { preparesStatements || listenerURL != nil }

        public init(url: String, role: String? = nil) {
            self.url = url
            self.role = role
        }
    }
}

public struct TransactionOptions: Sendable {
    public enum Isolation: Sendable { case readCommitted, repeatableRead, serializable }
    public var isolation: Isolation = .readCommitted
    public var isReadOnly = false
    /// Session settings that hold for the transaction only, such as `tradewind.tenant`.
    public var settings: [String: String] = [:]
    /// Assigns the transaction's id before its first statement, and not when it first writes; where it goes as a whole,
    /// that makes no difference.
    public var assignsID = false
    /// For each statement of the transaction, instead of the database's `statementDeadline`.
    public var deadline: Duration?
    public init(settings: [String: String] = [:], isReadOnly: Bool = false) {
        self.settings = settings
        self.isReadOnly = isReadOnly
    }

    var isDefault: Bool { isolation == .readCommitted && !isReadOnly }

    var begin: [SQL] {
        let begin: SQL =
            switch (isolation, isReadOnly) {
            case (.readCommitted, false): "BEGIN"
            case (.readCommitted, true): "BEGIN READ ONLY"
            case (.repeatableRead, false): "BEGIN ISOLATION LEVEL REPEATABLE READ"
            case (.repeatableRead, true): "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
            case (.serializable, false): "BEGIN ISOLATION LEVEL SERIALIZABLE"
            case (.serializable, true): "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"
            }
        return assignsID ? [begin, "SELECT pg_current_xact_id()"] : [begin]
    }
}
