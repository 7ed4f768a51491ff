/// Deadlines and cancellation.
extension Connection {
    nonisolated func interruptLater(_ id: UInt64) {
        loop.execute { self.assumeIsolated { $0.interrupt(id, .task) } }
    }

    func armTimer(_ time: MonotonicTime) {
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
        guard let wire, let exchange = exchanges.first(where: { $0.id == id }), !exchange.isFinished,
            exchange.reply.interruption == nil
        else { return }
        exchange.reply.interruption = reason
        exchange.deadline = .now + options.cancelGrace
        armTimer(exchange.deadline)
        requestCancel(exchange, wire)
    }

    private func requestCancel(_ exchange: Exchange, _ wire: Wire) {
        let id = exchange.id
        exchange.isCancelRequestUnderWay = true
        wire.requestCancel { self.loop.execute { self.assumeIsolated { $0.cancelRequestReturned(id) } } }
    }

    /// The server takes no notice of a request that overtakes its statement, so it is made again until there is an
    /// answer.
    private func cancelRequestReturned(_ id: UInt64) {
        guard let exchange = exchanges.first(where: { $0.id == id }) else { return }
        exchange.isCancelRequestUnderWay = false
        settle()
        if exchange.isFinished { return }
        loop.schedule(at: .now + .milliseconds(200)) { [weak self] in self?.assumeIsolated { $0.cancelAgain(id) } }
    }

    private func cancelAgain(_ id: UInt64) {
        guard let wire, let exchange = exchanges.first(where: { $0.id == id }), !exchange.isFinished else { return }
        requestCancel(exchange, wire)
    }
}
