public import Domain
public import Foundation
public import Postgres

/// Looks up tenants, API tokens and link keys in the schema `access`, with a short-lived cache.
public struct AccessStore: Sendable {
    public struct TenantRecord: Sendable, Hashable {
        public let id: TenantID
        /// The tenant's name in URLs.
        public let slug: String
        public let name: LocalizedText
        public let language: LanguageTag
        public let timeZone: TimeZoneID
    }

    public init(database: Database) { fatalError("stub") }
    public func tenant(slug: String) async throws -> TenantRecord? { fatalError("stub") }
    public func tenant(id: TenantID) async throws -> TenantRecord? { fatalError("stub") }
    /// The principal whose token this is, if it is valid now.
    public func principal(token: String) async throws -> Principal? { fatalError("stub") }
}

/// Writes the schema `access`; for the operator's command, which connects as the owner.
public struct AccessAdministration: Sendable {
    public init(database: Database) { fatalError("stub") }
    /// Makes a tenant with its first link key, or returns the one with this slug.
    public func ensureTenant(
        slug: String,
        name: LocalizedText,
        language: LanguageTag,
        timeZone: TimeZoneID
    ) async throws -> TenantID { fatalError("stub") }
    /// Makes a token and tells it, once: only its hash is stored. `tw_` + 43 characters.
    public func makeToken(
        tenant: TenantID,
        role: Principal.Role,
        name: String,
        expires: Date?
    ) async throws -> String { fatalError("stub") }
    public func revokeToken(tenant: TenantID, name: String) async throws -> Bool { fatalError("stub") }
}

/// Signs and checks personal links: whoever holds one may do what its purpose says, with no password.
public struct LinkSigner: Sendable {
    public struct Link: Sendable, Hashable {
        public let tenant: TenantID
        /// What may be done, such as `registration`; a link opens nothing of another purpose.
        public let purpose: String
        /// Of which thing.
        public let subject: UUID
        public let expires: Date?
    }

    public init(database: Database) { fatalError("stub") }
    /// The text for the URL: characters of base64url and dots only.
    public func sign(tenant: TenantID, purpose: String, subject: UUID, expires: Date? = nil) async throws -> String {
        fatalError("stub")
    }
    /// Throws a 404 problem for a link that is forged, expired or for something else.
    public func verify(_ text: String, purpose: String...) async throws -> Link { fatalError("stub") }
}
