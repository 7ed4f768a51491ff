import CoreMetrics
import Metrics
import Testing

@testable import Observability

@Suite("Prometheus' text format")
struct MetricsTests {
    @Test("counters, gauges and histograms, sorted, with their types")
    func kinds() {
        let registry = PrometheusRegistry()
        let requests = Counter(label: "requests", dimensions: [("route", "/a"), ("method", "GET")], factory: registry)
        requests.increment()
        requests.increment(by: 2)
        Counter(label: "requests", dimensions: [("method", "GET"), ("route", "/a")], factory: registry).increment()
        Gauge(label: "pool.size", factory: registry).record(7.5)
        let meter = Meter(label: "open", factory: registry)
        meter.increment(by: 3)
        meter.decrement(by: 1)
        FloatingPointCounter(label: "seconds_total", factory: registry).increment(by: 0.25)
        let text = registry.text()
        #expect(
            text == """
                # TYPE open gauge
                open 2
                # TYPE pool_size gauge
                pool_size 7.5
                # TYPE requests_total counter
                requests_total{method="GET",route="/a"} 4
                # TYPE seconds_total counter
                seconds_total 0.25

                """
        )
    }

    @Test("a histogram's buckets add up, times are in seconds")
    func histogram() {
        let registry = PrometheusRegistry()
        let timer = Timer(label: "duration_seconds", dimensions: [("route", "/a")], factory: registry)
        timer.recordNanoseconds(1_000_000)
        timer.recordNanoseconds(1_000_001)
        timer.recordSeconds(7)
        timer.recordSeconds(1000)
        let lines = registry.text().split(separator: "\n")
        #expect(lines.first == "# TYPE duration_seconds histogram")
        for expected in [
            #"duration_seconds_bucket{route="/a",le="0.001"} 1"#, #"duration_seconds_bucket{route="/a",le="0.0025"} 2"#,
            #"duration_seconds_bucket{route="/a",le="5"} 2"#, #"duration_seconds_bucket{route="/a",le="10"} 3"#,
            #"duration_seconds_bucket{route="/a",le="300"} 3"#, #"duration_seconds_bucket{route="/a",le="+Inf"} 4"#,
            #"duration_seconds_count{route="/a"} 4"#,
        ] {
            #expect(lines.contains(Substring(expected)), "\(expected)")
        }
        #expect(lines.contains { $0.hasPrefix(#"duration_seconds_sum{route="/a"} 1007.002"#) })
        Recorder(label: "batch", factory: registry).record(3)
        #expect(registry.text().contains(#"batch_bucket{le="5"} 1"#))
    }

    @Test("names are made fit, values escaped, one kind a family")
    func escaping() {
        let registry = PrometheusRegistry()
        Gauge(label: "9 odd-name", dimensions: [("a.b:c", "q\"u\\o\nte")], factory: registry).record(1)
        #expect(registry.text().contains(#"_9_odd_name{a_b_c="q\"u\\o\nte"} 1"#))
        Counter(label: "jobs_total", factory: registry).increment()
        Gauge(label: "jobs_total", factory: registry).record(5)
        #expect(registry.text().contains("# TYPE jobs_total counter\njobs_total 1\n"))
        #expect(registry.text().contains("# TYPE jobs_total_gauge gauge\njobs_total_gauge 5\n"))
        #expect(PrometheusText.number(.infinity) == "+Inf" && PrometheusText.number(.nan) == "NaN")
        #expect(PrometheusText.number(-.infinity) == "-Inf" && PrometheusText.number(1e300) == "1e+300")
    }
}
