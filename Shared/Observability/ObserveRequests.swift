import HTTPTypes
package import Hummingbird
import Logging
import Metrics

/// Counts and logs each request by its route's template: never by its path or query, which hold personal links.
package struct ObserveRequests<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        let route = context.endpointPath ?? "none"
        let method = Self.knownMethods.contains(request.method) ? request.method.rawValue : "other"
        Metrics.Timer(
            label: "http_server_request_duration_seconds",
            dimensions: [("method", method), ("route", route), ("status", "\(response.status.code)")]
        ).record(duration: duration)
        let isQuiet = route.hasPrefix("/health") || route == "/metrics"
        context.logger.log(
            level: isQuiet ? .debug : .info,
            "Request",
            metadata: [
                "method": "\(method)", "route": "\(route)", "status": "\(response.status.code)",
                "ms": "\(duration.milliseconds)",
            ]
        )
        return response
    }

    private static var knownMethods: [HTTPRequest.Method] { [.get, .head, .post, .put, .patch, .delete, .options] }
}

extension Duration {
    /// Rounded down to a tenth.
    fileprivate var milliseconds: Double {
        (self / .microseconds(100)).rounded(.down) / 10
    }
}
