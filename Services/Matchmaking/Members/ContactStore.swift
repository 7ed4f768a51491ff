import Domain
import Foundation
import Postgres

/// A firm or university that can be written to.
struct Contact: Sendable {
    let member: CohortMember
    let name: LocalizedText
    let recipient: Recipient
}

/// Whom to write to at the universities and firms of a tenant's cohorts.
struct ContactStore: Sendable {
    let tenant: TenantID

    /// Universities, then firms, in the order in which they joined; a firm that left is not told anything.
    func all(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [Contact] {
        try await tx.query(
            """
            SELECT id, role, name, contact FROM (
                SELECT id, 'university' AS role, name, contact, cohort_id, tenant_id FROM matchmaking.universities
                UNION ALL SELECT id, 'firm', name, contact, cohort_id, tenant_id FROM matchmaking.firms
                WHERE withdrawn_at IS NULL) AS member
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND contact IS NOT NULL
            ORDER BY role DESC, id
            """
        ).map(Self.contact)
    }

    /// The cohort of a firm or university, and whom it has named; `nil` if there is none with this id.
    func find(
        _ member: CohortMember,
        in tx: borrowing Transaction
    ) async throws -> (cohort: CohortID, recipient: Recipient?, hasLeft: Bool)? {
        try await tx.query(
            """
            SELECT cohort_id, contact, withdrawn_at IS NOT NULL FROM (
                SELECT id, 'university' AS role, contact, NULL::timestamptz AS withdrawn_at, cohort_id, tenant_id
                FROM matchmaking.universities
                UNION ALL SELECT id, 'firm', contact, withdrawn_at, cohort_id, tenant_id FROM matchmaking.firms
                ) AS member
            WHERE tenant_id = \(tenant.uuid) AND id = \(member.id.uuid) AND role = \(member.role.rawValue)
            """
        ).first.map(Self.found)
    }

    func set(_ recipient: Recipient, of member: CohortMember, in tx: borrowing Transaction) async throws {
        let table = member.role == .firm ? "firms" : "universities"
        try await tx.execute(
            """
            UPDATE matchmaking.\(identifier: table) SET contact = \(JSON(recipient))
            WHERE tenant_id = \(tenant.uuid) AND id = \(member.id.uuid)
            """
        )
    }

    // Inlined into asynchronous functions, such functions crash the optimizer of Swift 6.3.1.
    @inline(never)
    private static func contact(_ row: Row) throws -> Contact {
        let (id, role, name, recipient) = try row.decode(
            UUID.self,
            String.self,
            JSON<LocalizedText>.self,
            JSON<Recipient>.self
        )
        let member = role == "firm" ? CohortMember(FirmID(id)) : CohortMember(UniversityID(id))
        return Contact(member: member, name: name.value, recipient: recipient.value)
    }

    @inline(never)
    private static func found(_ row: Row) throws -> (cohort: CohortID, recipient: Recipient?, hasLeft: Bool) {
        let (cohort, recipient, hasLeft) = try row.decode(UUID.self, JSON<Recipient>?.self, Bool.self)
        return (CohortID(cohort), recipient?.value, hasLeft)
    }
}
