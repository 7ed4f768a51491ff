import Synchronization

/// Channels to be rung after commits: rings that fall together become one NOTIFY. (At commit NOTIFY takes a lock that
/// all databases of the server share, so it stays out of the transactions that do the work, and is rare.)
final class Bell: Sendable {
    /// From one NOTIFY to the next. Short: whoever rings again meanwhile waits for it.
    private static let pause: Duration = .milliseconds(5)
    private static let pauseAfterFailure: Duration = .seconds(1)

    private let pending = Mutex<Set<String>>([])
    private let rings: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() {
        (rings, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring(_ channels: [String]) {
        if channels.isEmpty { return }
        pending.withLock { $0.formUnion(channels) }
        signal.yield()
    }

    /// What was rung and not yet sent.
    func take() -> [String] {
        pending.withLock { pending in
            defer { pending = [] }
            return pending.sorted()
        }
    }

    /// Sends the first ring at once and those that follow within the pause together, until the task is cancelled. What
    /// could not be sent is sent later.
    func run(_ send: ([String]) async throws -> Void) async {
        for await _ in rings {
            let channels = take()
            if channels.isEmpty { continue }
            let next = ContinuousClock.now + Self.pause
            do {
                try await send(channels)
                try? await Task.sleep(until: next, clock: .continuous)
            } catch {
                try? await Task.sleep(for: Self.pauseAfterFailure)
                ring(channels)
            }
        }
    }
}
