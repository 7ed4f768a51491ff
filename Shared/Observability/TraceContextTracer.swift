import Logging
import Synchronization
import Tracing

/// Gives spans their ids and carries them over HTTP and the queue as `traceparent`. Ended spans are told to the log at
/// level trace; there is no other exporter.
struct TraceContextTracer: Tracer {
    static let field = "traceparent"

    func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> TraceSpan {
        var context = context()
        context.traceContext = context.traceContext?.child() ?? TraceContext()
        return TraceSpan(operationName, context: context, start: instant().nanosecondsSinceEpoch)
    }

    func forceFlush() {}

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: Self.field, from: carrier) else { return }
        if let trace = TraceContext(traceparent: text) { context.traceContext = trace }
    }

    func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.traceContext else { return }
        injector.inject(trace.traceparent, forKey: Self.field, into: &carrier)
    }
}

final class TraceSpan: Span {
    private struct State {
        var operationName: String
        var attributes: SpanAttributes = [:]
        var isFailed = false
        var isEnded = false
    }

    private static let logger = Logger(label: "tradewind.trace")
    let context: ServiceContext
    private let start: UInt64
    private let state: Mutex<State>

    init(_ operationName: String, context: ServiceContext, start: UInt64) {
        self.context = context
        self.start = start
        state = Mutex(State(operationName: operationName))
    }

    var operationName: String {
        get { state.withLock { $0.operationName } }
        set { state.withLock { $0.operationName = newValue } }
    }

    var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { state.withLock { $0.attributes = newValue } }
    }

    var isRecording: Bool { state.withLock { !$0.isEnded } }

    func setStatus(_ status: SpanStatus) {
        state.withLock { $0.isFailed = status.code == .error }
    }

    func addEvent(_ event: SpanEvent) {}
    func addLink(_ link: SpanLink) {}

    func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        state.withLock { $0.isFailed = true }
    }

    func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let end = instant().nanosecondsSinceEpoch
        let ended = state.withLock { state -> State? in
            guard !state.isEnded else { return nil }
            state.isEnded = true
            return state
        }
        guard let ended else { return }
        Self.logger.trace(
            "Span",
            metadata: [
                "span": "\(ended.operationName)", "ms": "\((end - min(start, end)) / 1_000_000)",
                "failed": "\(ended.isFailed)", "trace_id": "\(context.traceContext?.traceID ?? "")",
                "span_id": "\(context.traceContext?.spanID ?? "")",
            ]
        )
    }
}
