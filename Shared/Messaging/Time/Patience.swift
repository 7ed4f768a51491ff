import Synchronization

/// What a scheduler remembers of its schedules: which were once as it declares them, and which failed and are to be let
/// alone.
final class Patience: Sendable {
    private struct State {
        var settled: Set<String> = []
        var failures: [String: (count: Int, until: ContinuousClock.Instant)] = [:]
    }

    private let state = Mutex(State())

    /// The schedule is as this process declares it.
    func settle(_ name: String) {
        state.withLock { _ = $0.settled.insert(name) }
    }

    /// Whether it was so before. If it is not now, a release that started later has declared it otherwise.
    func hasSettled(_ name: String) -> Bool {
        state.withLock { $0.settled.contains(name) }
    }

    func wait(for name: String) -> Duration? {
        state.withLock { $0.failures[name].map { $0.until - .now } }.flatMap { $0 > .zero ? $0 : nil }
    }

    func succeeded(_ name: String) {
        state.withLock { _ = $0.failures.removeValue(forKey: name) }
    }

    /// Twice as long each time, up to a minute.
    func failed(_ name: String) -> Duration {
        state.withLock { state in
            let count = (state.failures[name]?.count ?? 0) + 1
            let pause: Duration = .seconds(min(60, 1 << min(count - 1, 6)))
            state.failures[name] = (count, .now + pause)
            return pause
        }
    }
}
