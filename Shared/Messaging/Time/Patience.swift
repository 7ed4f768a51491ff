import Synchronization

/// What a scheduler remembers of its schedules: which it has declared, and which failed and are to be let alone.
final class Patience: Sendable {
    private struct State {
        var declared: Set<String> = []
        var failures: [String: (count: Int, until: ContinuousClock.Instant)] = [:]
    }

    private let state = Mutex(State())

    /// A schedule that another release declares otherwise is declared once by each process: the one that started last
    /// wins, and the others leave it alone.
    func mayDeclare(_ name: String, isKnown: Bool) -> Bool {
        state.withLock { $0.declared.insert(name).inserted } || !isKnown
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
