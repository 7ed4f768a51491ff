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
        return OfficeView(
            record: try await cohorts.find(id, in: tx),
            counts: try await cohorts.counts(of: [id], in: tx)[id] ?? .none,
            waiting: try await WaitingCounts.read(id, tenant: tenant, in: tx),
            rounds: try await RoundStore(tenant: tenant).latest(of: id, limit: 50, in: tx),
            imports: try await ImportRecords(tenant: tenant).list(of: id, limit: 10, in: tx),
            changes: try await AuditStore(tenant: tenant).latest(of: id, limit: maximumChanges, in: tx)
        )
    }
}

/// How many have still to act.
struct WaitingCounts: Sendable {
    let applicants: Int
    let firms: Int
    let offers: Int

    static func read(_ cohort: CohortID, tenant: TenantID, in tx: borrowing Transaction) async throws -> WaitingCounts {
        let rows = try await tx.query(
            """
            SELECT
                (SELECT count(*) FROM matchmaking.applicants a
                    WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid) AND NOT EXISTS (
                        SELECT FROM matchmaking.applicant_rankings r
                        WHERE r.tenant_id = \(tenant.uuid) AND r.cohort_id = \(cohort.uuid) AND r.owner_id = a.id)),
                (SELECT count(*) FROM matchmaking.firms f
                    WHERE f.tenant_id = \(tenant.uuid) AND f.cohort_id = \(cohort.uuid) AND NOT EXISTS (
                        SELECT FROM matchmaking.firm_rankings r
                        WHERE r.tenant_id = \(tenant.uuid) AND r.cohort_id = \(cohort.uuid) AND r.owner_id = f.id)),
                (SELECT count(*) FROM matchmaking.offers
                    WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND state = 'offered')
            """
        )
        let (applicants, firms, offers) = try rows.first?.decode(Int.self, Int.self, Int.self) ?? (0, 0, 0)
        return WaitingCounts(applicants: applicants, firms: firms, offers: offers)
    }
}
