import CoreMetrics
import Synchronization

/// One time series: a number, or a histogram with fixed buckets. Times are in seconds.
final class PrometheusSeries: Sendable {
    static let bounds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ]

    private struct State {
        var value = 0.0
        var count = 0
        /// How many observations fell into each bucket and into none before it; the last is beyond all bounds.
        var buckets = [Int](repeating: 0, count: PrometheusSeries.bounds.count + 1)
    }

    private let isHistogram: Bool
    private let state = Mutex(State())

    init(isHistogram: Bool) {
        self.isHistogram = isHistogram
    }

    private func add(_ amount: Double) { state.withLock { $0.value += amount } }

    private func observe(_ value: Double) {
        let bucket = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.value += value
            state.count += 1
            state.buckets[bucket] += 1
        }
    }

    func lines(name: String, labels: String) -> [String] {
        let state = state.withLock { $0 }
        guard isHistogram else {
            return ["\(name)\(PrometheusText.braced(labels)) \(PrometheusText.number(state.value))"]
        }
        var sum = 0
        let bounds = Self.bounds.map(PrometheusText.number) + ["+Inf"]
        let buckets = zip(bounds, state.buckets).map { bound, count in
            sum += count
            let le = (labels.isEmpty ? "" : labels + ",") + "le=\"\(bound)\""
            return "\(name)_bucket\(PrometheusText.braced(le)) \(sum)"
        }
        let braced = PrometheusText.braced(labels)
        return buckets + [
            "\(name)_sum\(braced) \(PrometheusText.number(state.value))", "\(name)_count\(braced) \(state.count)",
        ]
    }
}

extension PrometheusSeries: CounterHandler, FloatingPointCounterHandler {
    func increment(by amount: Int64) { add(Double(amount)) }
    func reset() { state.withLock { $0.value = 0 } }
}

extension PrometheusSeries: MeterHandler {
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0.value = value } }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
}

extension PrometheusSeries: RecorderHandler {
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { isHistogram ? observe(value) : set(value) }
}

extension PrometheusSeries: TimerHandler {
    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }
}
