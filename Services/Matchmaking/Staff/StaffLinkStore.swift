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
            SELECT id, cohort_id, name, created_at, expires_at FROM matchmaking.staff_links
            WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
            """
        ).first.map(Self.link)
    }

    @inline(never)
    private static func link(_ row: Row) throws -> StaffLink {
        let (id, cohort, name, createdAt, expiresAt) = try row.decode(
            UUID.self,
            UUID.self,
            String.self,
            Date.self,
            Date.self
        )
        return StaffLink(
            id: StaffLinkID(id),
            cohort: CohortID(cohort),
            name: try Slug(name),
            createdAt: createdAt,
            expiresAt: expiresAt
        )
    }
}
