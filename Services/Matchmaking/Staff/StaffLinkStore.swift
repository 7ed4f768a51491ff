import Domain
import Foundation
import Postgres

enum StaffLinkSubject {}
typealias StaffLinkID = ID<StaffLinkSubject>

/// For whom a link to a cohort's office page was made.
struct StaffLink: Sendable {
    static let validity: TimeInterval = 30 * 86_400

    let id: StaffLinkID
    let cohort: CohortID
    /// Whom the record of changes names.
    let name: Slug
    let createdAt: Date
    let expiresAt: Date
    /// To the minute.
    var usedAt: Date?
    var revokedAt: Date?
}

struct StaffLinkStore: Sendable {
    let tenant: TenantID

    func insert(_ link: StaffLink, in tx: borrowing Transaction) {
        tx.enqueue(
            """
            INSERT INTO matchmaking.staff_links (tenant_id, id, cohort_id, created_at, expires_at, name)
            VALUES (\(tenant.uuid), \(link.id.uuid), \(link.cohort.uuid), \(link.createdAt), \(link.expiresAt),
                \(link.name.description))
            """
        )
    }

    func find(_ id: StaffLinkID, in tx: borrowing Transaction) async throws -> StaffLink? {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.staff_links
            WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
            """
        ).first.map(Self.link)
    }

    /// The newest first.
    func list(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [StaffLink] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.staff_links
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) ORDER BY id DESC
            """
        ).map(Self.link)
    }

    /// Notes that somebody opened it, once a minute at the most.
    func use(_ link: StaffLink, at now: Date, in tx: borrowing Transaction) {
        if let usedAt = link.usedAt, now.timeIntervalSince(usedAt) < 60 { return }
        tx.enqueue(
            """
            UPDATE matchmaking.staff_links SET used_at = \(now)
            WHERE tenant_id = \(tenant.uuid) AND id = \(link.id.uuid)
            """
        )
    }

    /// Tells whether it was not revoked before.
    func revoke(_ id: StaffLinkID, at now: Date, in tx: borrowing Transaction) async throws -> Bool {
        try await tx.execute(
            """
            UPDATE matchmaking.staff_links SET revoked_at = \(now)
            WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid) AND revoked_at IS NULL
            """
        ) > 0
    }

    private static let columns: SQL = "id, cohort_id, name, created_at, expires_at, used_at, revoked_at"

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func link(_ row: Row) throws -> StaffLink {
        let (id, cohort, name, createdAt, expiresAt, usedAt, revokedAt) = try row.decode(
            UUID.self,
            UUID.self,
            String.self,
            Date.self,
            Date.self,
            Date?.self,
            Date?.self
        )
        return StaffLink(
            id: StaffLinkID(id),
            cohort: CohortID(cohort),
            name: try Slug(name),
            createdAt: createdAt,
            expiresAt: expiresAt,
            usedAt: usedAt,
            revokedAt: revokedAt
        )
    }
}
