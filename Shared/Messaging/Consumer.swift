public import Logging
public import Postgres
public import ServiceLifecycle

/// Delivers the messages of its routers' subscriptions, sharing the lanes with its replicas.
public struct Consumer: Service {
    public struct Options: Sendable {
        public var batchSize = 100
        public var pollInterval: Duration = .milliseconds(250)
        public var leaseTime: Duration = .seconds(10)
        public init() {}
    }

    public init(database: Database, routers: [MessageRouter], options: Options = .init(), logger: Logger) {
        fatalError("stub")
    }

    /// Declares the subscriptions and delivers until the graceful shutdown; then finishes what is in flight and gives
    /// its lanes back.
    public func run() async throws { fatalError("stub") }

    /// Delivers until nothing is due, then returns how many messages were handled. For tests and one-shot commands.
    /// Retries that are due later than now are made due at once if `includingRetries`.
    @discardableResult
    public func drain(includingRetries: Bool = false) async throws -> Int { fatalError("stub") }
}
