public import Logging
import Metrics
import Tracing

/// Sets up the process's metrics, traces and logs, once however often it is asked.
public enum Observability {
    package static let metrics = PrometheusRegistry()

    private static let isInstalled: Void = {
        MetricsSystem.bootstrap(metrics)
        InstrumentationSystem.bootstrap(TraceContextTracer())
    }()

    /// Before the first metric or span is made.
    package static func install() { _ = isInstalled }

    public enum LogFormat: String, Sendable, CaseIterable { case text, json }

    /// All loggers made from now on write to stderr, with the ids of the current trace.
    /// Precondition: called once, before a logger is made.
    public static func logToStandardError(level: Logger.Level, format: LogFormat) {
        LoggingSystem.bootstrap(
            { label, provider in
                LineLogHandler(label: label, level: level, format: format, metadataProvider: provider)
            },
            metadataProvider: .init {
                guard let trace = ServiceContext.current?.traceContext else { return [:] }
                return ["trace_id": "\(trace.traceID)", "span_id": "\(trace.spanID)"]
            }
        )
    }
}
