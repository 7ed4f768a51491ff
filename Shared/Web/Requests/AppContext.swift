public import Access
public import Hummingbird

/// What is known of a request on its way through the routes.
public struct AppContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Who asks, when a bearer token was sent and is valid. Set by the middleware of the host.
    public var principal: Principal?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }

    public var maxUploadSize: Int { BodyLimit.standard }

    /// The principal, if it has at least one of `roles`. Throws a 401 or 403 problem otherwise.
    public func require(_ roles: Principal.Role...) throws -> Principal {
        guard let principal else { throw Problem.unauthenticated("Send an API token as Authorization: Bearer tw_…") }
        guard roles.contains(principal.role) else {
            throw Problem(
                .forbidden,
                type: "forbidden",
                title: "This token may not do that",
                detail: "It needs the role \(roles.map(\.rawValue).joined(separator: " or "))."
            )
        }
        return principal
    }
}
