package import Access
import HTTPTypes
package import Hummingbird

/// Finds the principal of a bearer token. Without an Authorization field a request goes on without one.
package struct Authenticate: RouterMiddleware {
    private let access: AccessStore

    package init(access: AccessStore) {
        self.access = access
    }

    package func handle(
        _ request: Request,
        context: AppContext,
        next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard let field = request.headers[.authorization] else { return try await next(request, context) }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            let principal = try await access.principal(token: parts[1].trimmingSpaces())
        else {
            throw Problem(
                .unauthorized,
                type: "invalid-token",
                title: "This token is not valid",
                detail: "It is unknown, revoked or expired.",
                headers: [.wwwAuthenticate: #"Bearer realm="tradewind", error="invalid_token""#]
            )
        }
        var context = context
        context.principal = principal
        return try await next(request, context)
    }
}
