/// A personal link that opens nothing here. It does not tell why, so that nobody can feel their way to one that does.
public struct InvalidLink: Error, Sendable, CustomStringConvertible {
    public let description = "the link is not valid"
    public init() {}
}

/// There is no tenant with this id or slug.
public struct UnknownTenant: Error, Sendable, CustomStringConvertible {
    public let description = "there is no such tenant"
    public init() {}
}
