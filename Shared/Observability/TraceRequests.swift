import HTTPTypes
package import Hummingbird
import Logging
import Tracing

/// Continues the caller's trace or begins one, and tells it in the answer's `traceparent` and in the log.
package struct TraceRequests<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var parent = ServiceContext.topLevel
        InstrumentationSystem.instrument.extract(request.headers, into: &parent, using: FieldExtractor())
        return try await withSpan("HTTP \(request.method.rawValue)", context: parent, ofKind: .server) { span in
            var context = context
            if let trace = span.context.traceContext {
                context.logger[metadataKey: "trace_id"] = "\(trace.traceID)"
                context.logger[metadataKey: "span_id"] = "\(trace.spanID)"
            }
            var response = try await next(request, context)
            if let route = context.endpointPath { span.operationName = "\(request.method.rawValue) \(route)" }
            if response.status.code >= 500 { span.setStatus(.init(code: .error)) }
            if let trace = span.context.traceContext, let name = HTTPField.Name(TraceContextTracer.field) {
                response.headers[name] = trace.traceparent
            }
            return response
        }
    }
}

private struct FieldExtractor: Extractor {
    func extract(key: String, from fields: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { fields[$0] }
    }
}
