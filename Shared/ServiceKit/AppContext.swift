public import Domain
public import Hummingbird

/// What is known of a request on its way through the routes.
public struct AppContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Who asks, when a bearer token was sent and is valid. Set by the middleware of the host.
    public var principal: Principal?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }

    /// The principal, if it has at least one of `roles`. Throws a 401 or 403 problem otherwise.
    public func require(_ roles: Principal.Role...) throws -> Principal { fatalError("stub") }
}

/// Staff or a machine, signed in by API token.
public struct Principal: Sendable, Hashable {
    public enum Role: String, Sendable, Codable, CaseIterable { case staff, machine, reader }
    public let tenant: TenantID
    public let role: Role
    /// What the token was named when it was made. No personal data.
    public let name: String
}
