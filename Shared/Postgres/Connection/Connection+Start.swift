extension Connection {
    /// Connects to the first host that takes the connection.
    static func open(to targets: ConnectionTargets, options: Options) async throws -> Connection {
        var failure: any Error = PostgresError(.connectionFailed, message: "no host")
        for parameters in targets.attempts {
            try Task.checkCancellation()
            do throws(StartFailure) {
                return try await open(with: parameters, timeout: targets.timeout, options: options)
            } catch {
                if error.isSilence { targets.rotate() }
                failure = PostgresError(.connectionFailed, message: error.message)
            }
        }
        try Task.checkCancellation()
        throw failure
    }

    struct StartFailure: Error {
        let message: String
        var isSilence = false
    }

    private static func open(
        with parameters: [ConnectionParameter],
        timeout: Duration,
        options: Options
    ) async throws(StartFailure) -> Connection {
        let deadline = MonotonicTime.now + timeout
        guard let wire = await Wire.start(parameters) else { throw StartFailure(message: "out of memory") }
        let connection = Connection(wire: wire, options: options)
        do throws(StartFailure) {
            try await connection.start(by: deadline)
        } catch {
            await connection.close()
            throw error
        }
        return connection
    }

    private func start(by deadline: MonotonicTime) async throws(StartFailure) {
        watch = loop.watch { [weak self] in self?.assumeIsolated { $0.socketIsReady() } }
        loop.schedule(at: deadline) { [weak self] in self?.assumeIsolated { $0.abandonStart() } }
        var step = Wire.StartStep.write
        while let wire {
            if wire.isBad { throw StartFailure(message: wire.message) }
            switch step {
            case .read, .write:
                guard await socket(isReadyTo: step == .read ? .read : .write) else {
                    throw StartFailure(message: "no answer in time", isSilence: !Task.isCancelled)
                }
                step = wire.continueStart()
            case .failed: throw StartFailure(message: wire.message)
            case .done:
                guard wire.finishStart() else { throw StartFailure(message: wire.message) }
                isStarted = true
                listenAnew(for: .read)
                return
            }
        }
        throw StartFailure(message: "closed")
    }

    private func socket(isReadyTo wanted: EventLoopThread.Interest) async -> Bool {
        // libpq may have gone on to another address, and so to another socket.
        listenAnew(for: wanted)
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { starter = $0 }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.abandonStart() } }
        }
    }

    private func abandonStart() {
        starter?.resume(returning: false)
        starter = nil
    }

    private func listenAnew(for wanted: EventLoopThread.Interest) {
        guard let watch, let wire else { return }
        interest = wanted
        loop.setInterest(wanted, of: watch, socket: wire.socket)
    }
}
