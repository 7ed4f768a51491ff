import Foundation
import Synchronization

/// A line for each step of a long job, redrawn in place while it runs; nothing at all where nobody watches.
final class Progress: Sendable {
    private struct State {
        var step = ""
        var total = 0
        var done = 0
        var began = ContinuousClock.now
        var drawn = ContinuousClock.now
    }

    private let console: Console?
    private let state = Mutex(State())

    /// Without a console it shows nothing.
    init(console: Console?) {
        self.console = console
    }

    /// Runs a step and leaves one line behind that says how long it took.
    func step<Result>(
        _ name: String,
        of total: Int = 0,
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        state.withLock {
            $0 = State(step: name, total: total)
            draw($0)
        }
        let result = try await body()
        state.withLock { finish($0) }
        return result
    }

    func advance(to done: Int? = nil) {
        state.withLock {
            $0.done = done ?? $0.done + 1
            guard ContinuousClock.now - $0.drawn > .milliseconds(80) else { return }
            $0.drawn = .now
            draw($0)
        }
    }

    private func draw(_ state: State) {
        guard let console, console.isInteractive else { return }
        let count = state.total > 0 ? " \(state.done.grouped)/\(state.total.grouped)" : " …"
        write("\r\u{1B}[K\(console.styled("▸", .yellow)) \(state.step)\(count)")
    }

    private func finish(_ state: State) {
        guard let console, console.isInteractive else { return }
        let seconds = (ContinuousClock.now - state.began).seconds.formatted(.number.precision(.fractionLength(1)))
        let count = state.total > 0 ? ": \(state.total.grouped)" : ""
        write(
            "\r\u{1B}[K\(console.styled("✓", .green)) \(state.step)\(count) \(console.styled("\(seconds) s", .faint))\n"
        )
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension Int {
    /// `2,060`
    var grouped: String { formatted(.number.locale(Locale(identifier: "en_US"))) }
}
