import DequeModule

/// What can't go by pipelines: texts of several statements, and COPY.
extension Connection {
    /// Runs one or more statements without binds.
    func runScript(_ text: String, timeout: Duration?) async -> Reply {
        guard let wire, exchanges.isEmpty else { return Self.gone }
        guard wire.leavePipeline(), wire.runScript(text), flush() else {
            lose(wire.message)
            return Self.gone
        }
        return await wait(.script, statement: text, timeout: timeout, isCancellable: true)
    }

    /// Begins a COPY; if it does not fail, `putCopy` and `endCopy` must follow. The timeout is for all of it.
    func beginCopy(_ text: String, timeout: Duration?) async -> Reply {
        guard let wire, exchanges.isEmpty else { return Self.gone }
        guard wire.leavePipeline(), wire.runScript(text), flush() else {
            lose(wire.message)
            return Self.gone
        }
        return await wait(.copy, statement: text, timeout: timeout, isCancellable: true)
    }

    /// Sends a part of what is copied; returns when the socket has taken it. `false`: the COPY has ended or is lost.
    func putCopy(_ bytes: [UInt8]) async -> Bool {
        guard let wire, let exchange = exchanges.first, exchange.kind == .copy else { return false }
        guard wire.putCopy(bytes) == .done, flush() else {
            lose(wire.message)
            return false
        }
        while interest.contains(.write), self.wire != nil {
            await withUnsafeContinuation { writers.append($0) }
        }
        return self.wire != nil && exchanges.first?.kind == .copy
    }

    /// Ends the COPY, with a failure if one is given.
    func endCopy(failure: String?) async -> Reply {
        guard let wire, let exchange = exchanges.first, exchange.kind == .copy else { return Self.gone }
        guard wire.endCopy(failure: failure) == .done, flush() else {
            lose(wire.message)
            return Self.gone
        }
        // If the server refused the data already, libpq has read the answer, and the socket has no more to tell.
        loop.execute { self.assumeIsolated { $0.socketIsReady() } }
        return await resumeWait(exchange.id, isCancellable: failure == nil)
    }

    func receiveOutsidePipeline(_ event: PipelineStateMachine<StatementResult>.Event, _ wire: Wire) {
        guard let exchange = exchanges.first(where: { !$0.isFinished }) else { return }
        switch event {
        case .completed(let output): exchange.reply.outputs.append(output)
        case .failed(let error): exchange.reply.failure = exchange.reply.failure ?? error
        case .end:
            if wire.isBad { return lose(wire.message) }
            guard wire.enterPipeline() else { return lose(wire.message) }
            finish { _ in }
        case .aborted, .sync: lose("the server's answers do not fit what was asked")
        }
    }

    /// Tells the one who began a COPY that the server wants data.
    func resumeWaiter() {
        guard let exchange = exchanges.first, let waiter = exchange.waiter else { return }
        exchange.waiter = nil
        var reply = Reply()
        reply.status = .active
        waiter.resume(returning: reply)
    }
}
