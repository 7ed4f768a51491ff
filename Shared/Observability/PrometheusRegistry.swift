package import CoreMetrics
import Synchronization

/// Keeps the process's metrics and writes them in Prometheus' text format 0.0.4.
package final class PrometheusRegistry: MetricsFactory {
    enum Kind: String { case counter, gauge, histogram }

    private struct Family {
        let kind: Kind
        var series: [String: PrometheusSeries] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    /// The series of this name and these labels. Where the name is taken by another kind, it gets the kind's as a
    /// suffix, since a family has one kind only.
    func series(_ label: String, _ dimensions: [(String, String)], _ kind: Kind) -> PrometheusSeries {
        var name = PrometheusText.name(label)
        if kind == .counter, !name.hasSuffix("_total") { name += "_total" }
        let labels = PrometheusText.labels(dimensions)
        return families.withLock { families in
            if let family = families[name], family.kind != kind { name += "_" + kind.rawValue }
            let found = families[name]?.series[labels]
            let series = found ?? PrometheusSeries(isHistogram: kind == .histogram)
            families[name, default: Family(kind: kind)].series[labels] = series
            return series
        }
    }

    package func text() -> String {
        let families = families.withLock { $0 }
        return families.sorted { $0.key < $1.key }.map { name, family in
            let lines = family.series.sorted { $0.key < $1.key }.flatMap { $0.value.lines(name: name, labels: $0.key) }
            return (["# TYPE \(name) \(family.kind.rawValue)"] + lines).joined(separator: "\n") + "\n"
        }.joined()
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter)
    }

    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
        -> any FloatingPointCounterHandler
    {
        series(label, dimensions, .counter)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge)
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions, aggregate ? .histogram : .gauge)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram)
    }

    // Series live as long as the process: a scraper must not see a counter fall.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
