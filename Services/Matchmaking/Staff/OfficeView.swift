import Domain
import Foundation
import Postgres

/// What the office page is made of.
struct OfficeView: Sendable {
    let record: CohortRecord
    let counts: CohortCounts
    let waiting: Waiting
    let contacts: [Contact]
    /// The newest first.
    let links: [StaffLink]
    /// The newest first.
    let rounds: [StoredRound]
    let imports: [ImportRecord]
    /// The newest first.
    let changes: [AuditBody]

    static let maximumChanges = 30

    static func read(_ id: CohortID, tenant: TenantID, in tx: borrowing Transaction) async throws -> OfficeView {
        let cohorts = CohortStore(tenant: tenant)
        let record = try await cohorts.find(id, in: tx)
        return OfficeView(
            record: record,
            counts: try await cohorts.counts(of: [id], in: tx)[id] ?? .none,
            waiting: try await Waiting.read(record.cohort, tenant: tenant, in: tx),
            contacts: try await ContactStore(tenant: tenant).all(of: id, in: tx),
            links: try await StaffLinkStore(tenant: tenant).list(of: id, in: tx),
            rounds: try await RoundStore(tenant: tenant).latest(of: id, limit: 50, in: tx),
            imports: try await ImportRecords(tenant: tenant).list(of: id, limit: 10, in: tx),
            changes: try await AuditStore(tenant: tenant).latest(of: id, limit: maximumChanges, in: tx)
        )
    }
}

/// Who has still to act, and how many.
struct Waiting: Sendable {
    let members: [Outstanding]
    let offers: Int

    /// How many of these roles have this to do.
    func count(_ action: OutstandingAction, _ roles: Outstanding.Role...) -> Int {
        members.filter { $0.action == action && roles.contains($0.role) }.reduce(0) { $0 + $1.count }
    }

    static func read(_ cohort: Cohort, tenant: TenantID, in tx: borrowing Transaction) async throws -> Waiting {
        let members = try await OutstandingStore(tenant: tenant, cohort: cohort.id)
            .list(of: cohort.state, under: cohort.rules, in: tx)
        let offers = try await tx.query(
            """
            SELECT count(*) AS count FROM matchmaking.offers
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.id.uuid) AND state = 'offered'
            """
        )
        return Waiting(members: members, offers: try offers.first?.decode(Int.self, column: "count") ?? 0)
    }
}
