/// What a connection tells of what it was given to do.
struct Reply: Sendable {
    enum Interruption: Sendable { case deadline, task }

    /// Of the statements up to the first that failed.
    var outputs: [StatementResult] = []
    var failure: PostgresError?
    /// Why a cancellation was asked for; the statements may have finished all the same.
    var interruption: Interruption?
    var status = Wire.TransactionStatus.unknown
    var isCommitInDoubt = false

    /// The connection was gone before anything could be sent.
    var isUnsent = false

    /// It went wrong without a word from the server, so whether the statements had an effect is not known.
    var isLost: Bool { failure?.code == .connectionLost }

    /// What the caller is told.
    func check() throws {
        guard let failure else { return }
        switch interruption {
        case .deadline where failure.sqlState == "57014" || isLost:
            var error = PostgresError(.deadlineExceeded, message: "the statement took longer than its deadline")
            error.statement = failure.statement
            throw error
        case .task where failure.sqlState == "57014" || isLost: throw CancellationError()
        default: throw failure
        }
    }
}

/// Something in progress on a connection, and who waits for it.
final class Exchange {
    enum Kind { case pipeline, script, copy }

    let id: UInt64
    let kind: Kind
    var deadline: MonotonicTime
    var waiter: UnsafeContinuation<Reply, Never>?
    /// The text of the statement to name where one fails.
    let statement: String?
    var reply = Reply()
    var isCancelRequestUnderWay = false
    var isFinished = false

    /// Tells the one who waits, if anybody does.
    func end(with reply: Reply) {
        self.reply = reply
        waiter?.resume(returning: reply)
    }

    init(id: UInt64, kind: Kind, timeout: Duration?, statement: String? = nil) {
        self.id = id
        self.kind = kind
        self.statement = statement
        deadline = timeout.map { MonotonicTime.now + $0 } ?? .never
    }
}
