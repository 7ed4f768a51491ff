public import HTTPTypes
public import Hummingbird
import Observability
import Tracing

/// An error answer as RFC 9457 `application/problem+json`.
public struct Problem: Error, HTTPResponseError, Sendable {
    public struct FieldError: Sendable, Hashable, Codable {
        /// A JSON pointer into the request's body, such as `/students/3/email`; for a query `/query/<name>`.
        public let pointer: String
        public let detail: String
        public init(_ pointer: String, _ detail: String) {
            self.pointer = pointer
            self.detail = detail
        }
    }

    public var status: HTTPResponse.Status
    /// The last part of the type's URI: `capacity-exhausted` → `https://tradewind.example/problems/capacity-exhausted`.
    public var type: String
    public var title: String
    public var detail: String?
    public var errors: [FieldError]
    public var headers: HTTPFields

    public init(
        _ status: HTTPResponse.Status,
        type: String,
        title: String,
        detail: String? = nil,
        errors: [FieldError] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.type = type
        self.title = title
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }

    public static func invalid(_ errors: FieldError...) -> Problem {
        Problem(.unprocessableContent, type: "invalid", title: "The request has invalid fields", errors: errors)
    }

    public static func notFound(_ what: String) -> Problem {
        Problem(.notFound, type: "not-found", title: "There is no such \(what)")
    }

    static func unauthenticated(_ detail: String) -> Problem {
        Problem(
            .unauthorized,
            type: "unauthenticated",
            title: "Sign in with an API token",
            detail: detail,
            headers: [.wwwAuthenticate: #"Bearer realm="tradewind""#]
        )
    }

    private struct Document: Encodable {
        let type, title: String
        let status: Int
        let detail, instance: String?
        let errors: [FieldError]?
    }

    /// `instance` names the request's trace, under which the logs tell more.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        let document = Document(
            type: "https://tradewind.example/problems/\(type)",
            title: title,
            status: status.code,
            detail: detail,
            instance: (ServiceContext.current?.traceContext).map { "urn:trace:\($0.traceID)" },
            errors: errors.isEmpty ? nil : errors
        )
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return try .json(document, status: status, headers: headers)
    }
}
