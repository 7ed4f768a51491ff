import HTTPTypes
package import Hummingbird
import NIOCore

/// Reads the body of requests that carry an idempotency key, and small ones, into memory before the route: it can then
/// be read more than once. Also refuses U+0000 in paths and queries.
package struct BufferedBodies: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request,
        context: AppContext,
        next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard !request.uri.string.contains("%00") else {
            throw Problem(.badRequest, type: "malformed", title: "The address must not hold the character U+0000")
        }
        guard [.post, .put, .patch, .delete].contains(request.method) else { return try await next(request, context) }
        let length = request.headers[.contentLength].flatMap { Int($0) }
        let hasKey = request.headers[.idempotencyKey] != nil
        let limit = context.principal == nil ? BodyLimit.standard : BodyLimit.large
        guard hasKey || length.map({ $0 <= BodyLimit.standard }) ?? false else {
            return try await next(request, context)
        }
        if let length, length > limit { throw Problem.tooLarge(limit: limit) }
        var request = request
        do {
            _ = try await request.collectBody(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: limit)
        }
        return try await next(request, context)
    }
}
