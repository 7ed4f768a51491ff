import Domain
import HTTPTypes
import Postgres
import ServiceKit

/// What firms and applicants of a cohort get to see of each other.
struct ViewingRules: Hashable, Sendable, Codable {
    enum Applicants: String, Hashable, Sendable, Codable {
        /// Those whose list names the firm.
        case chosen
        /// Those, and whoever agreed to be seen by all firms.
        case consented
    }

    let firmsSee: Applicants
    /// Whether an applicant whom a firm found unacceptable is told why.
    let tellsReasons: Bool
}

/// The viewing rules of a tenant's cohorts.
struct ViewingStore: Sendable {
    let tenant: TenantID

    func find(_ cohort: CohortID, in tx: borrowing Transaction) async throws -> ViewingRules {
        let rows = try await tx.query(
            """
            SELECT firms_see, tells_reasons FROM matchmaking.cohorts
            WHERE tenant_id = \(tenant.uuid) AND id = \(cohort.uuid)
            """
        )
        guard let row = rows.first else { throw Problem.notFound("cohort") }
        let (applicants, reasons) = try row.decode(String.self, Bool.self)
        return ViewingRules(firmsSee: .init(rawValue: applicants) ?? .chosen, tellsReasons: reasons)
    }

    func save(_ rules: ViewingRules, of cohort: CohortID, in tx: borrowing Transaction) async throws {
        try await tx.execute(
            """
            UPDATE matchmaking.cohorts SET firms_see = \(rules.firmsSee.rawValue), tells_reasons = \(rules.tellsReasons)
            WHERE tenant_id = \(tenant.uuid) AND id = \(cohort.uuid)
            """
        )
    }
}
