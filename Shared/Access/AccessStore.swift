import Crypto
public import Domain
import Foundation
public import Postgres

/// Looks up tenants and API tokens in the schema `access`. Answers may be up to 30 seconds old, so a revoked token
/// lives that long at most.
public struct AccessStore: Sendable {
    public struct TenantRecord: Sendable, Hashable {
        public let id: TenantID
        /// The tenant's name in URLs.
        public let slug: String
        public let name: LocalizedText
        public let language: LanguageTag
        public let timeZone: TimeZoneID
    }

    private struct FoundPrincipal: Sendable {
        let principal: Principal
        let expires: Date?
    }

    private let database: Database
    private let tenantsBySlug: ExpiringCache<String, TenantRecord>
    private let tenantsByID: ExpiringCache<TenantID, TenantRecord>
    private let principals: ExpiringCache<[UInt8], FoundPrincipal>

    public init(database: Database) {
        self.init(database: database, now: { .now })
    }

    init(database: Database, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.database = database
        tenantsBySlug = .init(now: now)
        tenantsByID = .init(now: now)
        principals = .init(now: now)
    }

    public func tenant(slug: String) async throws -> TenantRecord? {
        guard slug.utf8.count <= 63, slug.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        return try await tenantsBySlug.value(for: slug) { try await findTenant(slug: slug, id: nil) }
    }

    public func tenant(id: TenantID) async throws -> TenantRecord? {
        try await tenantsByID.value(for: id) { try await findTenant(slug: nil, id: id.uuid) }
    }

    private func findTenant(slug: String?, id: UUID?) async throws -> TenantRecord? {
        let rows = try await database.query(
            "SELECT tenant_id, slug, name, language, time_zone FROM access.find_tenant(\(slug), \(id))"
        )
        guard let row = rows.first else { return nil }
        let (id, slug, name, language, timeZone) = try row.decode(
            UUID.self,
            String.self,
            JSON<LocalizedText>.self,
            String.self,
            String.self
        )
        return try TenantRecord(
            id: TenantID(id),
            slug: slug,
            name: name.value,
            language: LanguageTag(language),
            timeZone: TimeZoneID(timeZone)
        )
    }

    /// The principal whose token this is, if it is valid now.
    public func principal(token: String) async throws -> Principal? {
        guard APIToken.isWellFormed(token) else { return nil }
        let hash = APIToken.hash(token)
        let found = try await principals.value(for: hash) {
            let rows = try await database.query(
                "SELECT tenant_id, role, name, expires_at FROM access.find_principal(\(hash))"
            )
            guard let row = rows.first else { return nil }
            let (tenant, role, name, expires) = try row.decode(UUID.self, String.self, String.self, Date?.self)
            guard let role = Principal.Role(rawValue: role) else { return nil }
            return FoundPrincipal(
                principal: Principal(tenant: TenantID(tenant), role: role, name: name),
                expires: expires
            )
        }
        guard let found, found.expires.map({ $0 > Date() }) ?? true else { return nil }
        return found.principal
    }
}

/// The form of an API token: `tw_` and 32 random bytes in base64url.
enum APIToken {
    static func make() -> String {
        "tw_" + Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    static func isWellFormed(_ token: String) -> Bool {
        token.hasPrefix("tw_") && token.utf8.count == 46 && Base64URL.decode(token.dropFirst(3)) != nil
    }

    static func hash(_ token: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(token.utf8)))
    }
}
