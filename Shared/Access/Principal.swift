public import Domain

/// Staff or a machine, signed in by API token.
public struct Principal: Sendable, Hashable {
    public enum Role: String, Sendable, Codable, CaseIterable { case staff, machine, reader }
    public let tenant: TenantID
    public let role: Role
    /// What the token was named when it was made. No personal data.
    public let name: String
}
