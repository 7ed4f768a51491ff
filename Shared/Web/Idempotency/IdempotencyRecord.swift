import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Postgres

/// One key's row: which request it was sent with, and what was answered.
struct IdempotencyRecord: Sendable {
    let tenant: TenantID
    let schema: String
    let key: String
    /// SHA-256 of method, path, query and body.
    let fingerprint: [UInt8]

    init(_ request: Request, tenant: TenantID, schema: String) async throws {
        guard let key = Self.key(in: request.headers) else {
            throw Problem(
                .badRequest,
                type: "idempotency-key-required",
                title: "Send an Idempotency-Key",
                detail: "1 to 255 characters of your choice, the same when you repeat the request; a UUID does well."
            )
        }
        var hash = SHA256()
        hash.update(data: Array("\(request.method.rawValue)\n\(request.uri.string)\n".utf8))
        hash.update(data: Array(try await request.body.collect(upTo: BodyLimit.large).readableBytesView))
        fingerprint = Array(hash.finalize())
        self.key = key
        self.tenant = tenant
        self.schema = schema
    }

    /// The key with or without the quotes of a structured field.
    private static func key(in headers: HTTPFields) -> String? {
        guard var key = headers[.idempotencyKey]?.trimmingSpaces() else { return nil }
        if key.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") { key = String(key.dropFirst().dropLast()) }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        return key
    }

    /// Held until the transaction ends.
    func lock(in tx: borrowing Transaction) async throws {
        let name = "\(schema).idempotency \(tenant) \(key)"
        let rows = try await tx.query("SELECT pg_try_advisory_xact_lock(hashtextextended(\(name), 0)) AS obtained")
        guard try rows.first?.decode(Bool.self, column: "obtained") == true else {
            throw Problem(
                .conflict,
                type: "in-progress",
                title: "The first request with this Idempotency-Key is still in progress",
                headers: [.retryAfter: "1"]
            )
        }
    }

    func storedAnswer(in tx: borrowing Transaction) async throws -> StoredAnswer? {
        let rows = try await tx.query(
            """
            SELECT fingerprint, status, headers, body FROM \(identifier: schema).idempotency
            WHERE tenant_id = \(tenant.uuid) AND key = \(key)
            """
        )
        guard let row = rows.first else { return nil }
        let (stored, status, headers, body) = try row.decode(
            [UInt8].self,
            Int16.self,
            JSON<[String: String]>.self,
            [UInt8].self
        )
        guard stored == fingerprint else {
            throw Problem(
                .unprocessableContent,
                type: "idempotency-key-reused",
                title: "This Idempotency-Key was sent with another request",
                detail: "Use a new key for a new request."
            )
        }
        return StoredAnswer(status: Int(status), headers: headers.value, body: body, isReplayed: true)
    }

    /// Also clears away some of the tenant's outdated rows, so that no job has to see all tenants' rows.
    func store(_ answer: StoredAnswer, in tx: borrowing Transaction) async throws {
        let now = Date()
        tx.enqueue(
            """
            INSERT INTO \(identifier: schema).idempotency
                (tenant_id, key, fingerprint, status, headers, body, created_at)
            VALUES (\(tenant.uuid), \(key), \(fingerprint), \(Int16(answer.status)), \(JSON(answer.headers)),
                \(answer.body), \(now))
            """
        )
        tx.enqueue(
            """
            DELETE FROM \(identifier: schema).idempotency WHERE (tenant_id, key) IN (
                SELECT tenant_id, key FROM \(identifier: schema).idempotency
                WHERE tenant_id = \(tenant.uuid) AND created_at < \(now.addingTimeInterval(-Self.keptFor))
                ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED)
            """
        )
    }

    static let keptFor: TimeInterval = 48 * 3600
}
