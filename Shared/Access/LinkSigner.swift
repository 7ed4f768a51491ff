import Crypto
public import Domain
public import Foundation
public import Postgres

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

    private struct Key: Sendable {
        let number: Int
        let secret: SymmetricKey
    }

    private let database: Database
    private let keys: ExpiringCache<TenantID, [Key]>
    /// Look-ups that an unknown key number led to, so that forged links can't ask the database each time.
    private let retries: ExpiringCache<TenantID, Bool>

    public init(database: Database) {
        self.init(database: database, now: { .now })
    }

    init(database: Database, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.database = database
        keys = .init(now: now)
        retries = .init(now: now)
    }

    /// The text for the URL: characters of base64url and dots only.
    /// The database is asked once in a while: don't call it inside a transaction.
    public func sign(tenant: TenantID, purpose: String, subject: UUID, expires: Date? = nil) async throws -> String {
        guard let key = try await keys(of: tenant).first else { throw UnknownTenant() }
        let payload = LinkPayload(
            key: key.number,
            link: Link(tenant: tenant, purpose: purpose, subject: subject, expires: expires)
        )
        return Base64URL.encode(payload.bytes) + "." + Base64URL.encode(Self.code(of: payload.bytes, key.secret))
    }

    /// Throws `InvalidLink`, which is answered as 404, for a link that is forged, expired or for something else.
    public func verify(_ text: String, purpose: String...) async throws -> Link {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 400, parts.count == 2, let bytes = Base64URL.decode(parts[0]),
            let code = Base64URL.decode(parts[1]), let payload = LinkPayload(bytes),
            let key = try await key(payload.key, of: payload.link.tenant),
            Self.isEqual(code, Self.code(of: bytes, key.secret)),
            payload.link.expires.map({ $0 > Date() }) ?? true, purpose.contains(payload.link.purpose)
        else { throw InvalidLink() }
        return payload.link
    }

    private func key(_ number: Int, of tenant: TenantID) async throws -> Key? {
        if let key = try await keys(of: tenant).first(where: { $0.number == number }) { return key }
        // Another process may have made a new key since: ask again, but not for each forged link.
        _ = try await retries.value(for: tenant) {
            _ = try await keys(of: tenant, refreshing: true)
            return nil
        }
        return try await keys(of: tenant).first { $0.number == number }
    }

    private func keys(of tenant: TenantID, refreshing: Bool = false) async throws -> [Key] {
        let keys = try await keys.value(for: tenant, refreshing: refreshing) {
            let rows = try await database.query("SELECT number, secret FROM access.find_link_keys(\(tenant.uuid))")
            let keys = try rows.map { row in
                let (number, secret) = try row.decode(Int32.self, [UInt8].self)
                return Key(number: Int(number), secret: SymmetricKey(data: secret))
            }
            return keys.isEmpty ? nil : keys
        }
        return keys ?? []
    }

    /// HMAC-SHA256, its first half: 128 bits, as RFC 2104 §5 allows, keep links short.
    private static func code(of bytes: [UInt8], _ secret: SymmetricKey) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: secret).prefix(16))
    }

    /// Takes the same time wherever the difference is.
    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
