public import Logging
public import ServiceLifecycle
import Synchronization

/// A pool of connections to one database.
///
/// Statements work as soon as it exists; connections are opened when they are wanted. Run it as a service for what needs
/// time of its own: health checks, `notifyAfterCommit`, and a shutdown that lets what is in flight finish.
public final class Database: Service, Sendable {
    public let configuration: Configuration
    let logger: Logger
    let pool: Pool
    let bell = Bell()
    let listeners = Listeners()
    let targets: Result<ConnectionTargets, any Error>

    public init(configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        let targets = Result { try ConnectionTargets(configuration) }
        self.targets = targets
        pool = Pool(maximum: configuration.maximumConnections, acquireTimeout: configuration.acquireTimeout) { pool in
            let targets = try targets.get()
            var options = Connection.Options()
            options.statementCacheCapacity = configuration.preparesStatements ? 256 : 0
            options.onClose = { [weak pool] in pool?.forget($0) }
            options.onSilence = { targets.rotate() }
            return try await Connection.open(to: targets, options: options)
        }
    }

    /// Runs tasks on the thread that talks to the server: whoever lives by short statements saves a change of thread for
    /// each. While such a task computes, every connection of the process waits: it must neither block nor compute for
    /// long. To be given to `withTaskExecutorPreference`.
    public static var executor: any TaskExecutor { LoopTaskExecutor.shared }

    /// Runs one statement in a transaction of its own.
    ///
    /// Cancelling the task cancels the statement on the server. Throws `CancellationError`, or `PostgresError`: after
    /// `connectionLost` it is not known whether the statement had an effect.
    @discardableResult
    public nonisolated(nonsending) func query(_ sql: SQL, deadline: Duration? = nil) async throws -> [Row] {
        try await run(sql, deadline: deadline).rows
    }

    /// Runs one statement and tells how many rows it touched.
    @discardableResult
    public nonisolated(nonsending) func execute(_ sql: SQL, deadline: Duration? = nil) async throws -> Int {
        try await run(sql, deadline: deadline).affected
    }

    /// Runs `body` in one transaction: COMMIT when it returns, ROLLBACK when it throws.
    ///
    /// BEGIN travels with the first statement, and statements sent with `enqueue` with whatever comes next, up to the
    /// COMMIT itself. A transaction of which nothing was awaited goes as a whole, in one round trip and without BEGIN and
    /// COMMIT. Settings are set with `SET LOCAL` (`set_config(…, true)`).
    /// Serialization failures and deadlocks (40001, 40P01) are thrown, not retried. A failure that `body` caught is
    /// thrown by the commit all the same, since the server can't commit after it; use `savepoint` to live on.
    public nonisolated(nonsending) func transaction<Result: Sendable>(
        _ options: TransactionOptions = .init(),
        _ body: (borrowing Transaction) async throws -> Result
    ) async throws -> Result {
        try await transaction(options, thenQuery: { _ in nil }, body).0
    }

    /// Runs `body` in one transaction, and in the same round trip as its COMMIT, but as a transaction of its own, the
    /// statement that `next` makes of the result. Its rows are `nil` where there is none, or it failed: ask again to see
    /// why. It must only read: it runs too where the commit fails, and the outcome of that is told when both are done.
    package nonisolated(nonsending) func transaction<Result: Sendable>(
        _ options: TransactionOptions = .init(),
        thenQuery next: (Result) -> SQL?,
        _ body: (borrowing Transaction) async throws -> Result
    ) async throws -> (Result, [Row]?) {
        let connection = if let idle = pool.acquireIdle() { idle } else { try await pool.acquire() }
        let deadline = options.deadline ?? configuration.statementDeadline
        let session = Session(connection, options, settings: settings(options), deadline: deadline)
        let result: Result
        let following: StatementResult?
        do {
            result = try await body(Transaction(settings: options.settings, session: session))
            following = try await session.commit(then: setsRole ? nil : next(result))
        } catch {
            await session.rollBack()
            release(connection, session.lastReply, wasInterrupted: session.wasInterrupted)
            throw error
        }
        release(connection, session.lastReply, wasInterrupted: session.wasInterrupted)
        bell.ring(session.channels)
        return (result, following?.rows)
    }

    /// Runs statements outside pipeline mode on one connection: for migrations and `VACUUM`. Several statements may be
    /// in one text; there are no binds.
    public nonisolated(nonsending) func executeScript(_ sql: StaticString) async throws {
        let connection = if let idle = pool.acquireIdle() { idle } else { try await pool.acquire() }
        let reply = await connection.runScript("\(sql)", timeout: nil)
        await rollBackAndRelease(connection, reply)
        try reply.check()
    }

    private nonisolated(nonsending) func run(_ sql: SQL, deadline: Duration?) async throws -> StatementResult {
        let timeout = deadline ?? configuration.statementDeadline
        if setsRole {
            var options = TransactionOptions()
            options.deadline = timeout
            return try await transaction(options) { tx in try await tx.session.run(sql) }
        }
        let connection = if let idle = pool.acquireIdle() { idle } else { try await pool.acquire() }
        var reply = await connection.run([sql], timeout: timeout)
        if reply.failure?.isStaleStatement == true, reply.status == .idle {
            reply = await connection.run([sql], timeout: timeout)
        }
        if reply.status == .idle {
            release(connection, reply)
        } else {
            await rollBackAndRelease(connection, reply)
        }
        try reply.check()
        guard let result = reply.outputs.last else { throw PostgresError(.connectionLost, message: "no result") }
        return result
    }

    /// Behind a pooler no connection keeps its role, so each transaction takes it on.
    private var setsRole: Bool { configuration.role != nil && !configuration.preparesStatements }

    private func settings(_ options: TransactionOptions) -> [SQL] {
        var settings: [SQL] = []
        if setsRole, let role = configuration.role {
            settings.append("SELECT set_config('role', \(role), true)")
        }
        for (name, value) in options.settings.sorted(by: { $0.key < $1.key }) {
            settings.append("SELECT set_config(\(name), \(value), true)")
        }
        return settings
    }

    /// Puts a connection back after a last reply that left it idle; any other is closed.
    private func release(_ connection: Connection, _ reply: Reply?, wasInterrupted: Bool = false) {
        // A pooler may forward a cancel request after the fact, to whoever has the server connection by then.
        let isSuspect = (wasInterrupted || reply?.interruption != nil) && !configuration.preparesStatements
        let isIdle = reply.map { $0.status == .idle } ?? true
        pool.release(connection, isReusable: isIdle && !isSuspect)
    }

    private nonisolated(nonsending) func rollBackAndRelease(_ connection: Connection, _ reply: Reply) async {
        if reply.status == .inTransaction || reply.status == .inError {
            let ended = await connection.run(["ROLLBACK"], timeout: .seconds(5), isCancellable: false)
            return release(connection, ended)
        }
        release(connection, reply)
    }
}
