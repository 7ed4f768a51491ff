import Crypto
public import Domain
public import Foundation
public import Postgres

/// Writes the schema `access`; for the operator's command, which connects as the owner.
public struct AccessAdministration: Sendable {
    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Makes a tenant with its first link key, or returns the one with this slug.
    public func ensureTenant(
        slug: String,
        name: LocalizedText,
        language: LanguageTag,
        timeZone: TimeZoneID
    ) async throws -> TenantID {
        let id = TenantID()
        let now = Date()
        return try await database.transaction { tx in
            try await tx.execute(
                """
                INSERT INTO access.tenants (tenant_id, slug, name, language, time_zone, created_at)
                VALUES (\(id.uuid), \(slug), \(JSON(name)), \(language.description), \(timeZone.description), \(now))
                ON CONFLICT (slug) DO NOTHING
                """
            )
            let rows = try await tx.query("SELECT tenant_id FROM access.tenants WHERE slug = \(slug)")
            guard let row = rows.first else { throw PostgresError(.decoding, message: "the tenant was removed") }
            let tenant = try TenantID(row.decode(UUID.self, column: "tenant_id"))
            try await tx.execute(
                """
                INSERT INTO access.link_keys (tenant_id, number, secret, created_at)
                VALUES (\(tenant.uuid), 1, \(Self.newSecret()), \(now))
                ON CONFLICT DO NOTHING
                """
            )
            return tenant
        }
    }

    /// Makes a token and tells it, once: only its hash is stored. `tw_` + 43 characters.
    /// A tenant's tokens that are not revoked have different names.
    public func makeToken(
        tenant: TenantID,
        role: Principal.Role,
        name: String,
        expires: Date?
    ) async throws -> String {
        let token = APIToken.make()
        try await database.execute(
            """
            INSERT INTO access.api_tokens (tenant_id, name, token_hash, role, created_at, expires_at)
            VALUES (\(tenant.uuid), \(name), \(APIToken.hash(token)), \(role.rawValue), \(Date()), \(expires))
            """
        )
        return token
    }

    /// Takes effect within 30 seconds everywhere. Tells whether there was such a token.
    public func revokeToken(tenant: TenantID, name: String) async throws -> Bool {
        try await database.execute(
            """
            UPDATE access.api_tokens SET revoked_at = \(Date())
            WHERE tenant_id = \(tenant.uuid) AND name = \(name) AND revoked_at IS NULL
            """
        ) > 0
    }

    /// Makes a new key that signs from now on; links of the older keys go on working. Tells its number.
    @discardableResult
    public func rotateLinkKey(tenant: TenantID) async throws -> Int {
        let rows = try await database.query(
            """
            INSERT INTO access.link_keys (tenant_id, number, secret, created_at)
            SELECT \(tenant.uuid), max(number) + 1, \(Self.newSecret()), \(Date())
            FROM access.link_keys WHERE tenant_id = \(tenant.uuid)
            RETURNING number
            """
        )
        guard let row = rows.first else { throw PostgresError(.decoding, message: "there is no such tenant") }
        return Int(try row.decode(Int32.self, column: "number"))
    }

    /// Ends the links that were signed with keys before `number`, within 30 seconds. Tells how many keys went.
    @discardableResult
    public func removeLinkKeys(tenant: TenantID, before number: Int) async throws -> Int {
        try await database.execute(
            "DELETE FROM access.link_keys WHERE tenant_id = \(tenant.uuid) AND number < \(Int32(number))"
        )
    }

    private static func newSecret() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }
}
