import Foundation
import Synchronization

/// Whether the mail server can be spoken with: a circuit breaker that all lanes share.
final class ServerHealth: Sendable {
    private struct State {
        var failures = 0
        var pausedUntil = Date.distantPast
        var isProbing = false
    }

    private let backoff: Backoff
    private let state = Mutex(State())

    init(backoff: Backoff) { self.backoff = backoff }

    /// How many mails a lane may take now: as many as it likes, one to see whether the server is back, or none.
    func allowance(of limit: Int, now: Date) -> Int {
        state.withLock { state in
            if state.failures == 0 { return limit }
            guard now >= state.pausedUntil, !state.isProbing else { return 0 }
            state.isProbing = true
            return 1
        }
    }

    var isUp: Bool { state.withLock { $0.failures == 0 } }

    /// When a mail that could not be tried may be tried again.
    var pausedUntil: Date { state.withLock(\.pausedUntil) }

    func succeeded() { state.withLock { $0 = State() } }

    func failed(now: Date) {
        state.withLock { state in
            // Lanes that fail together count once.
            guard state.failures == 0 || now >= state.pausedUntil else { return }
            state.failures += 1
            state.pausedUntil = now + backoff.delay(after: state.failures).seconds
            state.isProbing = false
        }
    }

    /// A probe found nothing to send.
    func endProbe() { state.withLock { $0.isProbing = false } }
}

extension Duration {
    var seconds: TimeInterval { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
