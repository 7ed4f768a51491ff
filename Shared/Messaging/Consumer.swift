public import Logging
public import Postgres
public import ServiceLifecycle

/// Delivers the messages of its routers' subscriptions, sharing the lanes with its replicas.
///
/// A message's effect on the database and its acknowledgement are one transaction: both happen exactly once, or the
/// message is still to come. A worker that lost a lane while it handled a batch of it finds its acknowledgement refused
/// and its effects rolled back.
///
/// Messages of one key are handled in the order of their commits; where transactions that publish the same key overlap,
/// in one of their orders. Not promised: that order once one of them has failed (later ones do not wait for its retry,
/// unless the router `isStrict`), any order between keys, and that a handler runs only once (see `MessageRouter.on`).
public struct Consumer: Service {
    public struct Options: Sendable {
        /// How many messages of a lane are handled in one transaction.
        public var batchSize = 100
        /// How long a message waits where no doorbell is heard.
        public var pollInterval: Duration = .milliseconds(250)
        /// How others notice that a worker has vanished.
        public var ownership = Ownership.automatic
        /// How long the lanes of a worker that stands still, or has no lock, stay unworked.
        public var leaseTime: Duration = .seconds(10)
        /// How often a worker looks for lanes that are free.
        public var spreadInterval: Duration = .milliseconds(250)
        /// How many lanes are worked on at once; each takes one connection of the pool.
        public var concurrency = 4
        /// How often segments that all have read are emptied, and the gauges are set.
        public var maintenanceInterval: Duration = .seconds(30)
        /// From how old a message on, not handled yet, a subscription is said to lag.
        public var lagLimit: Duration = .seconds(3600)
        public init() {}
    }

    public enum Ownership: Sendable {
        /// By a session lock on the connection that hears the doorbells, where the database's `listensDirectly`, so that
        /// a killed process is noticed at once; and by lease.
        case automatic
        /// By lease only.
        case lease
    }

    let database: Database
    let routers: [MessageRouter]
    let options: Options
    let logger: Logger

    public init(database: Database, routers: [MessageRouter], options: Options = .init(), logger: Logger) {
        self.database = database
        self.routers = routers
        self.options = options
        self.logger = logger
    }

    /// Declares the subscriptions and delivers until the graceful shutdown; then finishes what is in flight and gives
    /// its lanes back. Cancelling the task ends it at once: what is in flight is rolled back, and the lanes are taken
    /// over.
    ///
    /// The database must outlive it: in a `ServiceGroup`, name the database first.
    public func run() async throws {
        guard !routers.isEmpty else { return try await gracefulShutdown() }
        try await ConsumerLoop(Worker(self)).run()
    }

    /// Delivers until nothing is due, then returns how many messages were handled. For tests and one-shot commands.
    /// Retries that are due later than now are made due at once if `includingRetries`.
    ///
    /// Lanes that another living worker owns are left to it.
    @discardableResult
    public func drain(includingRetries: Bool = false) async throws -> Int {
        let worker = Worker(self)
        do {
            let handled = try await worker.drain(includingRetries: includingRetries)
            try await worker.life.end()
            return handled
        } catch {
            try? await worker.life.end()
            throw error
        }
    }
}
