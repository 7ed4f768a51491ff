import DequeModule

/// Follows the answers to what was sent in pipeline mode: which step of which batch each belongs to, and how the batch
/// ended. It does no I/O.
///
/// A batch is what lies between two SYNCs. Each of its steps is answered by one result and an end; after a failure all
/// others up to the SYNC are aborted.
struct PipelineStateMachine<Output: Sendable>: Sendable {
    enum Step: Sendable, Equatable {
        case prepare(name: String)
        case run
        case sync
    }

    enum Event: Sendable {
        case completed(Output)
        case failed(PostgresError)
        case aborted
        /// What libpq's NULL means: there is no more for this step.
        case end
        case sync
    }

    enum Action: Sendable {
        case goOn
        /// The server does not have this prepared statement.
        case forget(name: String)
        case finish(Outcome)
        /// The answers do not fit what was sent: the connection can't be trusted any more.
        case violation
    }

    /// The outputs of the batch's statements up to the first that failed.
    struct Outcome: Sendable {
        var outputs: [Output] = []
        var failure: PostgresError?
    }

    private var steps: Deque<Step> = []
    private var isAnswered = false
    private var outcome = Outcome()

    var isIdle: Bool { steps.isEmpty }

    mutating func send(_ step: Step) {
        steps.append(step)
    }

    mutating func receive(_ event: Event) -> Action {
        guard let step = steps.first else { return .violation }
        switch (step, event) {
        case (.sync, .sync):
            guard !isAnswered else { return .violation }
            steps.removeFirst()
            defer { outcome = Outcome() }
            return .finish(outcome)
        case (_, .end):
            guard isAnswered else { return .violation }
            isAnswered = false
            if step != .sync { steps.removeFirst() }
            return .goOn
        case (_, .sync): return .violation
        case (_, _) where isAnswered: return .violation
        case (.sync, .failed(let error)):
            // The SYNC was to commit what it ends, and could not.
            isAnswered = true
            return fail(with: error).map { .goOn } ?? .violation
        case (.sync, _): return .violation
        case (.prepare(let name), .failed(let error)):
            isAnswered = true
            return fail(with: error).map { .forget(name: name) } ?? .violation
        case (.prepare(let name), .aborted):
            isAnswered = true
            return outcome.failure == nil ? .violation : .forget(name: name)
        case (.prepare, .completed):
            isAnswered = true
            return outcome.failure == nil ? .goOn : .violation
        case (.run, .completed(let output)):
            isAnswered = true
            outcome.outputs.append(output)
            return outcome.failure == nil ? .goOn : .violation
        case (.run, .failed(let error)):
            isAnswered = true
            return fail(with: error).map { .goOn } ?? .violation
        case (.run, .aborted):
            isAnswered = true
            return outcome.failure == nil ? .violation : .goOn
        }
    }

    /// The connection is gone: what the batch in front had come to.
    mutating func connectionLost() -> Outcome {
        defer {
            steps = []
            isAnswered = false
            outcome = Outcome()
        }
        return outcome
    }

    private mutating func fail(with error: PostgresError) -> Void? {
        guard outcome.failure == nil else { return nil }
        outcome.failure = error
        return ()
    }
}
