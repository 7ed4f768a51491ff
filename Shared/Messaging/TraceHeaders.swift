import Instrumentation
import Tracing

/// Carries the trace from publisher to handler in a message's headers, in whatever form the instrument speaks.
struct TraceHeaders: Injector, Extractor {
    /// The headers of what this task publishes.
    static func current() -> [String: String] {
        var headers: [String: String] = [:]
        if let context = ServiceContext.current {
            InstrumentationSystem.instrument.inject(context, into: &headers, using: TraceHeaders())
        }
        return headers
    }

    static func context(from headers: [String: String]) -> ServiceContext {
        var context = ServiceContext.topLevel
        if headers.isEmpty { return context }
        InstrumentationSystem.instrument.extract(headers, into: &context, using: TraceHeaders())
        return context
    }

    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
        carrier[key.lowercased()] = value
    }

    func extract(key: String, from carrier: [String: String]) -> String? {
        carrier[key.lowercased()]
    }
}
