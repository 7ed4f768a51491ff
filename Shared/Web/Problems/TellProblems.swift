import HTTPTypes
package import Hummingbird
import Logging
import Tracing

/// Turns every error into a problem document, or for a browser on a page into a page, and logs unexpected ones, once.
package struct TellProblems: RouterMiddleware {
    private let pages: ProblemPages
    private let routes: RouteTable

    package init(pages: ProblemPages, routes: RouteTable) {
        self.pages = pages
        self.routes = routes
    }

    package func handle(
        _ request: Request,
        context: AppContext,
        next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            var problem = Problem(error)
            if problem.status == .notFound, context.endpointPath == "NotFound" {
                problem = routes.problem(for: request) ?? problem
            }
            if problem.status.code >= 500 {
                // A decoder's error repeats what it read.
                let cause = error is DecodingError ? "" : ": \(error)"
                context.logger.log(
                    level: problem.status == .serviceUnavailable ? .warning : .error,
                    "Request failed",
                    metadata: ["error": "\(type(of: error))\(cause)", "route": "\(context.endpointPath ?? "none")"]
                )
            }
            response =
                try pages.page(for: problem, request: request) ?? problem.response(from: request, context: context)
        }
        return secured(response)
    }

    private func secured(_ response: Response) -> Response {
        var response = response
        let defaults: [(HTTPField.Name, String)] = [
            (.xContentTypeOptions, "nosniff"), (.referrerPolicy, "no-referrer"),
            (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
        ]
        for (name, value) in defaults where response.headers[name] == nil { response.headers[name] = value }
        return response
    }
}
