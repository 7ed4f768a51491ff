import DequeModule
import Synchronization

/// One connection to the server, on the event loop's thread. It is lent to one caller at a time.
actor Connection {
    struct Options: Sendable {
        var statementCacheCapacity = 256
        /// How long the server may take to answer once a cancellation was asked for.
        var cancelGrace: Duration = .seconds(5)
        /// Called once when the connection is gone.
        var onClose: @Sendable (Connection) -> Void = { _ in }
        /// Called when the server did not even answer a cancellation.
        var onSilence: @Sendable () -> Void = {}
    }

    nonisolated let loop = EventLoopThread.shared
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    nonisolated let options: Options
    private nonisolated let open = Atomic<Bool>(true)
    nonisolated var isOpen: Bool { open.load(ordering: .acquiring) }

    var wire: Wire?
    var watch: EventLoopThread.Watch?
    var interest: EventLoopThread.Interest = []
    /// From then on what arrives is read here; before, libpq reads it itself.
    var isStarted = false
    /// Whoever starts the connection and waits for its socket.
    var starter: UnsafeContinuation<Bool, Never>?
    var exchanges: Deque<Exchange> = []
    /// Those who wait until the socket has taken what was written.
    var writers: [UnsafeContinuation<Void, Never>] = []
    var notifications = NotificationBuffer()
    private var machine = PipelineStateMachine<StatementResult>()
    private var statements: StatementCache
    private var lastID: UInt64 = 0
    private var timerAt = MonotonicTime.never

    init(wire: sending Wire, options: Options) {
        self.wire = wire
        self.options = options
        statements = StatementCache(capacity: options.statementCacheCapacity)
    }

    // MARK: Statements

    /// Sends `batch` as one pipeline with one SYNC, and waits for what it comes to.
    func run(_ batch: [SQL], timeout: Duration?, isCancellable: Bool = true) async -> Reply {
        guard let wire, exchanges.isEmpty || exchanges.last?.kind == .pipeline else { return Self.gone }
        if isCancellable, Task.isCancelled { return unsent(.task, "cancelled before it was sent", state: "57014") }
        if batch.contains(where: { $0.binds.count > 65535 }) { return unsent(nil, "too many binds", state: "54023") }
        if exchanges.isEmpty, wire.transactionStatus == .idle {
            for text in statements.cleanUp() { sendAlone(text, on: wire) }
        }
        for sql in batch where !send(sql, on: wire) { return refuse() }
        machine.send(.sync)
        guard wire.sync(), flush() else { return refuse() }
        return await wait(.pipeline, statement: batch.last?.text, timeout: timeout, isCancellable: isCancellable)
    }

    private func send(_ sql: SQL, on wire: Wire) -> Bool {
        switch statements.find(sql) {
        case .known(let name):
            machine.send(.run)
            return wire.runPrepared(name: name, sql.binds)
        case .new(let name):
            machine.send(.prepare(name: name))
            machine.send(.run)
            return wire.prepare(name: name, sql) && wire.runPrepared(name: name, sql.binds)
        case .unnamed:
            machine.send(.run)
            return wire.runUnnamed(sql)
        }
    }

    /// Nobody waits for it, and its failure touches nothing else.
    private func sendAlone(_ text: String, on wire: Wire) {
        var sql: SQL = ""
        sql.text = text
        machine.send(.run)
        machine.send(.sync)
        guard wire.runUnnamed(sql), wire.sync() else { return }
        lastID += 1
        exchanges.append(Exchange(id: lastID, kind: .pipeline, deadline: .never))
    }

    /// Waits for the exchange that was just sent.
    func wait(
        _ kind: Exchange.Kind,
        statement: String?,
        timeout: Duration?,
        isCancellable: Bool
    ) async -> Reply {
        lastID += 1
        let id = lastID
        let deadline = timeout.map { MonotonicTime.now + $0 } ?? .never
        exchanges.append(Exchange(id: id, kind: kind, deadline: deadline, statement: statement))
        armTimer(deadline)
        return await resumeWait(id, isCancellable: isCancellable)
    }

    func resumeWait(_ id: UInt64, isCancellable: Bool) async -> Reply {
        func suspend() async -> Reply {
            await withUnsafeContinuation { waiter in
                if let index = exchanges.firstIndex(where: { $0.id == id }) {
                    exchanges[index].waiter = waiter
                } else {
                    waiter.resume(returning: Self.gone)
                }
            }
        }
        guard isCancellable else { return await suspend() }
        return await withTaskCancellationHandler {
            await suspend()
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.interrupt(id, .task) } }
        }
    }

    // MARK: Readiness

    func socketIsReady() {
        if let starter {
            self.starter = nil
            return starter.resume(returning: true)
        }
        guard isStarted, let wire else { return }
        if interest.contains(.write), !flush() { return }
        guard wire.consume() else { return lose(wire.message) }
        receive(wire)
        if wire.isBad { lose(wire.message) }
    }

    /// Writes what is pending; asks for the socket's readiness to write only while there is some left.
    func flush() -> Bool {
        guard let wire else { return false }
        switch wire.flush() {
        case .done:
            listen(for: .read)
            resumeWriters()
        case .blocked: listen(for: [.read, .write])
        case .failed:
            lose(wire.message)
            return false
        }
        return true
    }

    func listen(for wanted: EventLoopThread.Interest) {
        guard interest != wanted, let watch, let wire else { return }
        interest = wanted
        loop.setInterest(wanted, of: watch, socket: wire.socket)
    }

    private func receive(_ wire: Wire) {
        while let exchange = exchanges.first(where: { !$0.isFinished }), !wire.isBusy {
            let event = wire.nextEvent()
            switch (exchange.kind, event) {
            case (.pipeline, .pipeline(let event)): advance(with: event, wire)
            case (.script, .pipeline(let event)), (.copy, .pipeline(let event)):
                receiveOutsidePipeline(event, wire)
            case (.copy, .copyIn): return resumeWaiter()
            case (_, .copyIn), (_, .unsupported): return lose("COPY is only possible with Transaction.copy")
            }
            if self.wire == nil { return }
        }
        while let notification = wire.nextNotification() { notifications.append(notification) }
    }

    private func advance(with event: PipelineStateMachine<StatementResult>.Event, _ wire: Wire) {
        switch machine.receive(event) {
        case .goOn: break
        case .forget(let name): statements.forget(name: name)
        case .violation: lose("the server's answers do not fit what was asked")
        case .finish(let outcome):
            if outcome.failure?.isStaleStatement == true { statements.markStale() }
            finish { reply in
                reply.outputs = outcome.outputs
                reply.failure = outcome.failure
            }
        }
    }

    /// Ends the exchange in front; its waiter is told when no cancellation is under way any more.
    func finish(_ change: (inout Reply) -> Void) {
        guard let index = exchanges.firstIndex(where: { !$0.isFinished }), let wire else { return }
        var reply = exchanges[index].reply
        change(&reply)
        reply.failure?.statement = exchanges[index].statement
        reply.status = wire.transactionStatus
        reply.isCommitInDoubt = wire.isCommitInDoubt
        wire.isCommitInDoubt = false
        exchanges[index].reply = reply
        exchanges[index].isFinished = true
        settle()
    }

    private func settle() {
        while let first = exchanges.first, first.isFinished, !first.isCancelRequestUnderWay {
            exchanges.removeFirst()
            first.waiter?.resume(returning: first.reply)
        }
    }

    // MARK: Deadlines and cancellation

    private func armTimer(_ time: MonotonicTime) {
        guard time < timerAt else { return }
        timerAt = time
        loop.schedule(at: time) { [weak self] in self?.assumeIsolated { $0.timerFired(time) } }
    }

    private func timerFired(_ time: MonotonicTime) {
        // Another one was set since, for an earlier time.
        guard time == timerAt else { return }
        timerAt = .never
        guard let next = exchanges.min(by: { $0.deadline < $1.deadline }) else { return }
        guard next.deadline <= .now else { return armTimer(next.deadline) }
        if next.reply.interruption == nil {
            interrupt(next.id, .deadline)
        } else {
            options.onSilence()
            lose("no answer to a cancel request")
        }
    }

    func interrupt(_ id: UInt64, _ reason: Reply.Interruption) {
        guard let wire, let index = exchanges.firstIndex(where: { $0.id == id }), !exchanges[index].isFinished,
            exchanges[index].reply.interruption == nil
        else { return }
        exchanges[index].reply.interruption = reason
        exchanges[index].isCancelRequestUnderWay = true
        exchanges[index].deadline = .now + options.cancelGrace
        armTimer(exchanges[index].deadline)
        wire.requestCancel { self.loop.execute { self.assumeIsolated { $0.cancelRequestReturned(id) } } }
    }

    private func cancelRequestReturned(_ id: UInt64) {
        guard let index = exchanges.firstIndex(where: { $0.id == id }) else { return }
        exchanges[index].isCancelRequestUnderWay = false
        settle()
    }

    private func unsent(_ reason: Reply.Interruption?, _ message: String, state: String) -> Reply {
        var reply = Reply()
        reply.interruption = reason
        reply.failure = PostgresError(.server(sqlState: state), message: message)
        reply.status = wire?.transactionStatus ?? .unknown
        return reply
    }

    // MARK: The end

    static var gone: Reply {
        var reply = Reply()
        reply.failure = PostgresError(.connectionLost, message: "the connection is closed")
        reply.isUnsent = true
        return reply
    }

    private func refuse() -> Reply {
        lose(wire?.message ?? "")
        var reply = Self.gone
        reply.isUnsent = false
        return reply
    }

    /// Closes the connection and tells all who wait.
    func lose(_ message: String) {
        guard let wire else { return }
        let outcome = machine.connectionLost()
        let ended = exchanges
        exchanges = []
        self.wire = nil
        if let watch { loop.endWatch(watch, socket: wire.socket) }
        watch = nil
        open.store(false, ordering: .releasing)
        let current = ended.first { !$0.isFinished }?.id
        for exchange in ended {
            var reply = exchange.reply
            if exchange.id == current, exchange.kind == .pipeline {
                reply.outputs = outcome.outputs
                reply.failure = outcome.failure
            }
            if !exchange.isFinished, reply.failure == nil {
                reply.failure = PostgresError(.connectionLost, message: message)
            }
            reply.failure?.statement = exchange.statement
            reply.status = .unknown
            exchange.waiter?.resume(returning: reply)
        }
        resumeWriters()
        starter?.resume(returning: false)
        starter = nil
        notifications.end()
        options.onClose(self)
    }

    private func resumeWriters() {
        for writer in writers { writer.resume() }
        writers.removeAll()
    }

    func close() {
        lose("closed")
    }

    nonisolated func closeLater() {
        loop.execute { self.assumeIsolated { $0.close() } }
    }
}
