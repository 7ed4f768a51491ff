import DequeModule
import Synchronization

/// One connection to the server, on the event loop. It is lent to one caller at a time.
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
    private nonisolated let lastID = Atomic<UInt64>(0)
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
    var timerAt = MonotonicTime.never

    init(wire: sending Wire, options: Options) {
        self.wire = wire
        self.options = options
        statements = StatementCache(capacity: options.statementCacheCapacity)
    }

    // MARK: Statements

    /// Sends `batch` as one pipeline with one SYNC, and waits for what it comes to.
    ///
    /// The caller's task stays where it is: sending is a call on the event loop, and the answer resumes the task.
    nonisolated(nonsending) func run(_ batch: [SQL], timeout: Duration?, isCancellable: Bool = true) async -> Reply {
        let exchange = Exchange(id: nextID(), kind: .pipeline, timeout: timeout, statement: batch.last?.text)
        guard isCancellable else {
            return await withUnsafeContinuation { submit(batch, exchange, $0, isCancelled: false) }
        }
        let id = exchange.id
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { waiter in
                let isCancelled = Task.isCancelled
                submit(batch, exchange, waiter, isCancelled: isCancelled)
                // If it was cancelled meanwhile, the handler may have come too early.
                if !isCancelled, Task.isCancelled { interruptLater(id) }
            }
        } onCancel: {
            interruptLater(id)
        }
    }

    /// Sends `batch`, and `next` behind it with a SYNC of its own, and waits for both: what becomes of the one does not
    /// depend on the other. Can't be cancelled.
    nonisolated(nonsending) func run(_ batch: [SQL], then next: SQL, timeout: Duration?) async -> (Reply, Reply) {
        // Answered, and so no longer the event loop's, before the one behind it.
        nonisolated(unsafe) let exchange = Exchange(
            id: nextID(),
            kind: .pipeline,
            timeout: timeout,
            statement: batch.last?.text
        )
        // Its time begins when the one before it may at most end.
        let following = Exchange(
            id: nextID(),
            kind: .pipeline,
            timeout: timeout.map { $0 + options.cancelGrace },
            statement: next.text
        )
        let reply = await withUnsafeContinuation { waiter in
            following.waiter = waiter
            nonisolated(unsafe) let following = following
            loop.perform {
                self.assumeIsolated {
                    $0.send(batch, as: exchange, isCancelled: false)
                    $0.send([next], as: following, isCancelled: false)
                }
            }
        }
        return (exchange.reply, reply)
    }

    private nonisolated func submit(
        _ batch: [SQL],
        _ exchange: Exchange,
        _ waiter: UnsafeContinuation<Reply, Never>,
        isCancelled: Bool
    ) {
        exchange.waiter = waiter
        // From here on it is the event loop's alone.
        nonisolated(unsafe) let exchange = exchange
        loop.perform { self.assumeIsolated { $0.send(batch, as: exchange, isCancelled: isCancelled) } }
    }

    private func send(_ batch: [SQL], as exchange: Exchange, isCancelled: Bool) {
        guard let wire, exchanges.isEmpty || exchanges.last?.kind == .pipeline else {
            return exchange.end(with: Self.gone)
        }
        if isCancelled { return exchange.end(with: unsent(.task, "cancelled before it was sent", state: "57014")) }
        if batch.contains(where: { $0.binds.count > 65535 }) {
            return exchange.end(with: unsent(nil, "too many binds", state: "54023"))
        }
        if exchanges.isEmpty, wire.transactionStatus == .idle {
            for text in statements.cleanUp() { sendAlone(text, on: wire) }
        }
        for sql in batch where !send(sql, on: wire) { return exchange.end(with: refuse()) }
        machine.send(.sync)
        guard wire.sync(), flush() else { return exchange.end(with: refuse()) }
        exchanges.append(exchange)
        armTimer(exchange.deadline)
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
        exchanges.append(Exchange(id: nextID(), kind: .pipeline, timeout: nil))
    }

    /// Waits for the exchange that was just sent.
    func wait(_ kind: Exchange.Kind, statement: String?, timeout: Duration?, isCancellable: Bool) async -> Reply {
        let exchange = Exchange(id: nextID(), kind: kind, timeout: timeout, statement: statement)
        exchanges.append(exchange)
        armTimer(exchange.deadline)
        return await resumeWait(exchange.id, isCancellable: isCancellable)
    }

    func resumeWait(_ id: UInt64, isCancellable: Bool) async -> Reply {
        func suspend() async -> Reply {
            await withUnsafeContinuation { waiter in
                if let exchange = exchanges.first(where: { $0.id == id }) {
                    exchange.waiter = waiter
                } else {
                    waiter.resume(returning: Self.gone)
                }
            }
        }
        guard isCancellable else { return await suspend() }
        return await withTaskCancellationHandler {
            await suspend()
        } onCancel: {
            interruptLater(id)
        }
    }

    private nonisolated func nextID() -> UInt64 {
        lastID.add(1, ordering: .relaxed).newValue
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
        guard let exchange = exchanges.first(where: { !$0.isFinished }), let wire else { return }
        change(&exchange.reply)
        exchange.reply.failure?.statement = exchange.statement
        exchange.reply.status = wire.transactionStatus
        exchange.reply.isCommitInDoubt = wire.isCommitInDoubt
        wire.isCommitInDoubt = false
        exchange.isFinished = true
        settle()
    }

    func settle() {
        while let first = exchanges.first, first.isFinished, !first.isCancelRequestUnderWay {
            exchanges.removeFirst()
            first.end(with: first.reply)
        }
    }

    // MARK: The end

    private func unsent(_ reason: Reply.Interruption?, _ message: String, state: String) -> Reply {
        var reply = Reply()
        reply.interruption = reason
        reply.failure = PostgresError(.server(sqlState: state), message: message)
        reply.status = wire?.transactionStatus ?? .unknown
        return reply
    }

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
            exchange.end(with: reply)
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
