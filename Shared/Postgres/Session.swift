import Synchronization

/// A transaction as it goes: what is to be sent with the next statement, and what has made it fail.
final class Session: Sendable {
    private struct State {
        var pending: [SQL]
        /// How many of `pending`, from the first, are the settings that the transaction begins with.
        var settingCount: Int
        var flushes = 0
        /// The failure after which the server refuses everything but a rollback.
        var poison: (any Error)?
        var savepoints = 0
        var lastReply: Reply?
        var wasInterrupted = false
        var channels: [String] = []
        /// What `setLocal` last set, while nothing can have undone it.
        var settings: [String: String] = [:]
    }

    /// A place in what was enqueued and sent.
    struct Mark {
        fileprivate let flushes: Int
        fileprivate let pending: Int
        let name: String
    }

    let connection: Connection
    let deadline: Duration
    private let begin: [SQL]
    /// What lies between two SYNCs is one transaction, so that one that is sent whole does without BEGIN and COMMIT.
    private let mayGoWhole: Bool
    private let state: Mutex<State>

    init(_ connection: Connection, _ options: TransactionOptions, settings: [SQL], deadline: Duration) {
        self.connection = connection
        self.deadline = deadline
        begin = options.begin
        mayGoWhole = options.isDefault
        state = Mutex(State(pending: settings, settingCount: settings.count))
    }

    /// `nil` while nothing was sent.
    var lastReply: Reply? { state.withLock { $0.lastReply } }
    /// The server was asked to cancel some statement, and may do so late.
    var wasInterrupted: Bool { state.withLock { $0.wasInterrupted } }
    var channels: [String] { state.withLock { $0.channels } }

    func enqueue(_ sql: SQL) {
        state.withLock { $0.pending.append(sql) }
    }

    func setLocal(_ name: String, to value: String) {
        state.withLock { state in
            guard state.settings.updateValue(value, forKey: name) != value else { return }
            state.pending.append("SELECT set_config(\(name), \(value), true)")
        }
    }

    func notifyAfterCommit(_ channel: String) {
        state.withLock { state in
            if !state.channels.contains(channel) { state.channels.append(channel) }
        }
    }

    nonisolated(nonsending) func run(_ sql: SQL) async throws -> StatementResult {
        let reply = try await flush(with: sql)
        guard let result = reply.outputs.last else { throw PostgresError(.connectionLost, message: "no result") }
        return result
    }

    /// Sends what is enqueued and `sql` as one pipeline.
    @discardableResult
    nonisolated(nonsending) func flush(with sql: SQL?) async throws -> Reply {
        let (batch, isFirst) = take(begin: begin, end: sql)
        if batch.isEmpty { return lastReply ?? Reply() }
        var reply = await connection.run(batch, timeout: deadline)
        if isFirst, reply.failure?.isStaleStatement == true, await canBeginAgain(after: reply) {
            reply = await connection.run(batch, timeout: deadline)
        }
        try settle(reply)
        return reply
    }

    /// All that is to be sent now, and whether it is the first.
    private func take(begin: [SQL], end: SQL?) -> ([SQL], isFirst: Bool) {
        state.withLock { state in
            defer {
                state.pending = []
                state.settingCount = 0
                state.flushes += 1
            }
            let isFirst = state.flushes == 0
            return ((isFirst ? begin : []) + state.pending + (end.map { [$0] } ?? []), isFirst)
        }
    }

    /// Nobody has seen anything of the transaction yet whose first statements failed.
    private nonisolated(nonsending) func canBeginAgain(after reply: Reply) async -> Bool {
        if reply.status == .idle { return true }
        return await connection.run(["ROLLBACK"], timeout: deadline, isCancellable: false).status == .idle
    }

    /// Runs one or more statements without binds, outside pipeline mode.
    nonisolated(nonsending) func runScript(_ text: String) async throws {
        try await flush(with: nil)
        try settle(await connection.runScript(text, timeout: deadline))
    }

    /// Notes how the connection is now, and the failure if it is one.
    func settle(_ reply: Reply) throws {
        do {
            note(reply)
            try reply.check()
        } catch {
            state.withLock { $0.poison = $0.poison ?? error }
            throw error
        }
    }

    private func note(_ reply: Reply) {
        state.withLock { state in
            state.lastReply = reply
            if reply.interruption != nil { state.wasInterrupted = true }
        }
    }

    // MARK: The end

    /// Commits, and sends `next` right behind it, as a transaction of its own. Tells what `next` came to; `nil` where it
    /// failed or there is none.
    nonisolated(nonsending) func commit(then next: SQL? = nil) async throws -> StatementResult? {
        let (isEmpty, isWhole, poison) = state.withLock { state in
            (
                state.flushes == 0 && state.pending.count == state.settingCount, state.flushes == 0 && mayGoWhole,
                state.poison
            )
        }
        if let poison { throw poison }
        if isEmpty { return nil }
        let (batch, isFirst) = isWhole ? take(begin: [], end: nil) : take(begin: begin, end: "COMMIT")
        var (reply, following) = await send(batch, then: next)
        // As long as there is something behind it, the connection is not idle.
        if isWhole, following?.status == .idle { reply.status = .idle }
        if isFirst, reply.failure?.isStaleStatement == true, await canBeginAgain(after: reply) {
            (reply, following) = await send(batch, then: next)
        }
        do {
            try settle(reply)
            if reply.isCommitInDoubt { throw Self.unknown }
            guard isWhole || reply.outputs.last?.tag == "COMMIT" else {
                throw PostgresError(.server(sqlState: "25P02"), message: "the transaction was rolled back")
            }
        } catch let error as PostgresError where error.code != .commitUnknown {
            throw isOutcomeKnown(of: error) ? error : Self.unknown
        }
        guard let following else { return nil }
        note(following)
        return following.failure == nil ? following.outputs.last : nil
    }

    /// It can't be cancelled: whether the transaction was committed must come out.
    private nonisolated(nonsending) func send(_ batch: [SQL], then next: SQL?) async -> (Reply, following: Reply?) {
        guard let next else { return (await connection.run(batch, timeout: deadline, isCancellable: false), nil) }
        return await connection.run(batch, then: next, timeout: deadline)
    }

    private static let unknown = PostgresError(.commitUnknown, message: "the COMMIT may or may not have taken place")

    /// An error that the server sends for a statement or the COMMIT itself, and then lives on, means that it did not
    /// take place.
    private func isOutcomeKnown(of error: PostgresError) -> Bool {
        guard case .server = error.code else {
            return lastReply?.failure?.sqlState != nil || lastReply?.isUnsent == true
        }
        return !error.isFatal
    }

    /// Never throws: if it fails, the connection is closed, which rolls back too.
    nonisolated(nonsending) func rollBack() async {
        let isOpen = state.withLock { state in
            defer { state.pending = [] }
            return state.lastReply.map { $0.status != .idle && $0.status != .unknown } ?? false
        }
        if isOpen { note(await connection.run(["ROLLBACK"], timeout: .seconds(5), isCancellable: false)) }
    }

    // MARK: Savepoints

    func beginSavepoint() -> Mark {
        state.withLock { state in
            state.savepoints += 1
            state.settings = [:]
            let mark = Mark(flushes: state.flushes, pending: state.pending.count, name: "sp\(state.savepoints)")
            state.pending.append("SAVEPOINT \(identifier: mark.name)")
            return mark
        }
    }

    /// What was enqueued within the savepoint is sent, so that its failure is the savepoint's.
    nonisolated(nonsending) func release(_ mark: Mark) async throws {
        let poison = state.withLock { $0.poison }
        if let poison { throw poison }
        let release: SQL = "RELEASE SAVEPOINT \(identifier: mark.name)"
        if state.withLock({ $0.flushes > mark.flushes && $0.pending.isEmpty }) {
            enqueue(release)
        } else {
            try await flush(with: release)
        }
    }

    /// Undoes what was done since; if that can't be, the transaction remains poisoned.
    nonisolated(nonsending) func rollBack(to mark: Mark) async {
        let wasSent = state.withLock { state in
            state.settings = [:]
            if state.flushes == mark.flushes {
                state.pending.removeSubrange(mark.pending...)
                return false
            }
            state.pending = []
            return true
        }
        guard wasSent else { return }
        let name = mark.name
        let undo: [SQL] = ["ROLLBACK TO SAVEPOINT \(identifier: name)", "RELEASE SAVEPOINT \(identifier: name)"]
        let reply = await connection.run(undo, timeout: deadline, isCancellable: false)
        note(reply)
        if reply.failure == nil { state.withLock { $0.poison = nil } }
    }
}
