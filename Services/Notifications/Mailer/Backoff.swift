/// Times to wait that double up to a cap, spread a little so that not all come back at once.
struct Backoff: Sendable {
    var first: Duration
    var cap: Duration

    /// `attempt` from 1. `spread` is between -1 and 1.
    func delay(after attempt: Int, spread: Double = .random(in: -1...1)) -> Duration {
        let doubled = first * pow2(min(attempt - 1, 20))
        return min(doubled, cap) * (1 + spread / 5)
    }

    private func pow2(_ exponent: Int) -> Int { 1 << max(exponent, 0) }
}
