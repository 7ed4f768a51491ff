import DequeModule
import Synchronization

/// The connections of one database: opened when they are wanted, lent to one caller at a time, first come, first served.
final class Pool: Sendable {
    private enum Grant { case connection(Connection), place }

    private struct State {
        /// The one used last is lent first.
        var idle: [Idle] = []
        /// Idle, lent or being opened.
        var places = 0
        /// Who waits, by number; `queue` may still hold the numbers of those who have given up.
        var waiters: [UInt64: Waiter] = [:]
        var queue: Deque<UInt64> = []
        var lastNumber: UInt64 = 0
        var isSweepSet = false
        var isClosing = false
        var drainers: [UnsafeContinuation<Void, Never>] = []
    }

    private struct Waiter {
        let continuation: UnsafeContinuation<Grant, any Error>
        let deadline: MonotonicTime
    }

    private struct Idle {
        let connection: Connection
        let since: MonotonicTime
    }

    private let state = Mutex(State())
    private let maximum: Int
    private let acquireTimeout: Duration
    private let open: @Sendable (Pool) async throws -> Connection

    init(
        maximum: Int,
        acquireTimeout: Duration,
        open: @escaping @Sendable (Pool) async throws -> Connection
    ) {
        self.maximum = max(1, maximum)
        self.acquireTimeout = acquireTimeout
        self.open = open
    }

    deinit {
        for idle in state.withLock({ $0.idle }) { idle.connection.closeLater() }
    }

    /// Connections that exist, and callers who wait for one.
    var counts: (places: Int, idle: Int, waiting: Int) {
        state.withLock { ($0.places, $0.idle.count, $0.waiters.count) }
    }

    // MARK: Lending

    /// A connection that can be had without waiting.
    func acquireIdle() -> Connection? {
        if Task.isCancelled { return nil }
        return state.withLock { state in
            while !state.isClosing, let idle = state.idle.popLast() {
                if idle.connection.isOpen { return idle.connection }
                state.places -= 1
            }
            return nil
        }
    }

    nonisolated(nonsending) func acquire() async throws -> Connection {
        try Task.checkCancellation()
        var granted: Grant? = try state.withLock { state in
            if state.isClosing { throw PostgresError(.shutDown, message: "the database is shut down") }
            return grant(&state)
        }
        if granted == nil { granted = try await wait() }
        switch granted {
        case .connection(let connection): return connection
        case .place, nil:
            do {
                return try await open(self)
            } catch {
                giveUpPlace()
                throw error
            }
        }
    }

    /// What can be had at once. Whoever waits comes first.
    private func grant(_ state: inout State) -> Grant? {
        while let idle = state.idle.popLast() {
            if idle.connection.isOpen { return .connection(idle.connection) }
            state.places -= 1
        }
        guard state.waiters.isEmpty, state.places < maximum else { return nil }
        state.places += 1
        return .place
    }

    /// Takes a connection back. One that is not as clean as a new one is closed and only leaves its place.
    func release(_ connection: Connection, isReusable: Bool = true) {
        let isKept = state.withLock { state in
            guard isReusable, connection.isOpen, !state.isClosing else { return false }
            if let waiter = Self.nextWaiter(&state) {
                waiter.continuation.resume(returning: .connection(connection))
            } else {
                state.idle.append(Idle(connection: connection, since: .roughlyNow))
            }
            return true
        }
        if isKept { return }
        connection.closeLater()
        giveUpPlace()
    }

    /// A connection was lost. One that is lent leaves its place when it comes back.
    func forget(_ connection: Connection) {
        let wasIdle = state.withLock { state in
            guard let index = state.idle.firstIndex(where: { $0.connection === connection }) else { return false }
            state.idle.remove(at: index)
            return true
        }
        if wasIdle { giveUpPlace() }
    }

    private func giveUpPlace() {
        let drainers: [UnsafeContinuation<Void, Never>] = state.withLock { state in
            if let waiter = Self.nextWaiter(&state) {
                waiter.continuation.resume(returning: .place)
                return []
            }
            state.places -= 1
            guard state.isClosing, state.places == 0 else { return [] }
            defer { state.drainers = [] }
            return state.drainers
        }
        for drainer in drainers { drainer.resume() }
    }

    // MARK: Waiting

    private nonisolated(nonsending) func wait() async throws -> Grant {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { enqueue($0, number) }
        } onCancel: {
            end(number, CancellationError())
        }
    }

    private func enqueue(_ continuation: UnsafeContinuation<Grant, any Error>, _ number: UInt64) {
        let deadline = MonotonicTime.now + acquireTimeout
        let sweepAt: MonotonicTime? = state.withLock { state in
            // Since `acquire` looked, the task may have been cancelled, or a connection may have come back.
            if Task.isCancelled {
                continuation.resume(throwing: CancellationError())
                return nil
            }
            if let grant = grant(&state) {
                continuation.resume(returning: grant)
                return nil
            }
            state.waiters[number] = Waiter(continuation: continuation, deadline: deadline)
            state.queue.append(number)
            defer { state.isSweepSet = true }
            return state.isSweepSet ? nil : deadline
        }
        if let sweepAt { sweep(at: sweepAt) }
    }

    private func end(_ number: UInt64, _ error: any Error) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
        waiter?.continuation.resume(throwing: error)
    }

    private static func nextWaiter(_ state: inout State) -> Waiter? {
        while let number = state.queue.popFirst() {
            if let waiter = state.waiters.removeValue(forKey: number) { return waiter }
        }
        return nil
    }

    /// All wait equally long, so the deadline of the first in the queue is the next to pass.
    private func sweep(at time: MonotonicTime) {
        EventLoopThread.shared.schedule(at: time) { [weak self] in self?.endOverdue() }
    }

    private func endOverdue() {
        let now = MonotonicTime.now
        let (overdue, next): ([Waiter], MonotonicTime?) = state.withLock { state in
            var overdue: [Waiter] = []
            while let number = state.queue.first {
                guard let waiter = state.waiters[number] else {
                    state.queue.removeFirst()
                    continue
                }
                if waiter.deadline > now { return (overdue, waiter.deadline) }
                state.queue.removeFirst()
                state.waiters[number] = nil
                overdue.append(waiter)
            }
            state.isSweepSet = false
            return (overdue, nil)
        }
        for waiter in overdue {
            waiter.continuation.resume(
                throwing: PostgresError(.poolTimeout, message: "all \(maximum) connections are in use")
            )
        }
        if let next { sweep(at: next) }
    }

    // MARK: Health and the end

    /// Lends a connection that has been idle for long, to be looked at.
    func takeIdle(since start: MonotonicTime, longerThan duration: Duration) -> Connection? {
        state.withLock { state in
            guard let index = state.idle.firstIndex(where: { $0.since + duration <= start }) else { return nil }
            return state.idle.remove(at: index).connection
        }
    }

    /// Refuses new callers, waits until all connections have come back, and closes them.
    func close() async {
        let idle = state.withLock { state in
            state.isClosing = true
            defer { state.idle = [] }
            return state.idle
        }
        for idle in idle {
            await idle.connection.close()
            giveUpPlace()
        }
        await withUnsafeContinuation { continuation in
            let isDrained = state.withLock { state in
                if state.places > 0 { state.drainers.append(continuation) }
                return state.places == 0
            }
            if isDrained { continuation.resume() }
        }
    }
}
