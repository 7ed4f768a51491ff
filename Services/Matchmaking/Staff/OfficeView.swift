import Domain
import Foundation
import Postgres

/// What the office page is made of.
struct OfficeView: Sendable {
    let record: CohortRecord
    let counts: CohortCounts
    let waiting: WaitingCounts
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
            waiting: try await WaitingCounts.read(record.cohort, tenant: tenant, in: tx),
            rounds: try await RoundStore(tenant: tenant).latest(of: id, limit: 50, in: tx),
            imports: try await ImportRecords(tenant: tenant).list(of: id, limit: 10, in: tx),
            changes: try await AuditStore(tenant: tenant).latest(of: id, limit: maximumChanges, in: tx)
        )
    }
}

/// How many have still to act.
struct WaitingCounts: Sendable {
    /// Who ranks, by role.
    let applicants: Int
    let firms: Int
    /// Students whose universities have not confirmed them.
    let students: Int
    let offers: Int

    var mayRemind: Bool { applicants + firms + students > 0 }

    static func read(_ cohort: Cohort, tenant: TenantID, in tx: borrowing Transaction) async throws -> WaitingCounts {
        let first = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        let outstanding = try await OutstandingStore(tenant: tenant, cohort: cohort.id)
            .list(of: cohort.state, under: cohort.rules, after: first, limit: nil, in: tx)
        let counts = outstanding.reduce(into: [CohortMember.Role: Int]()) { $0[$1.member.role, default: 0] += $1.count }
        let offers = try await tx.query(
            """
            SELECT count(*) AS count FROM matchmaking.offers
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.id.uuid) AND state = 'offered'
            """
        )
        return WaitingCounts(
            applicants: counts[.applicant] ?? 0,
            firms: counts[.firm] ?? 0,
            students: counts[.university] ?? 0,
            offers: try offers.first?.decode(Int.self, column: "count") ?? 0
        )
    }
}
