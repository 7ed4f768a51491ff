import ServiceLifecycle
import Synchronization

/// Runs the play beside the services, so that it ends when they do, and they when it does if nobody wants to look.
final class PlayService<Outcome: Sendable>: Service {
    /// Thrown when the play is over, to bring the services down in their order.
    struct CurtainFell: Error {}

    private let staysUp: Bool
    private let play: @Sendable () async throws -> Outcome
    private let running: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let result = Mutex<Outcome?>(nil)

    init(staysUp: Bool, play: @escaping @Sendable () async throws -> Outcome) {
        self.staysUp = staysUp
        self.play = play
        (running, signal) = AsyncStream.makeStream(of: Void.self)
    }

    /// What came of the play, once it is over.
    var outcome: Outcome? { result.withLock(\.self) }

    /// The port answers: the play begins.
    func begin() {
        signal.finish()
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown { [self] in
            for await _ in running {}
            let outcome = try await play()
            result.withLock { $0 = outcome }
        }
        guard staysUp else { throw CurtainFell() }
        try await gracefulShutdown()
    }
}
