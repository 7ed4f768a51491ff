import Domain
import Foundation
import MatchingEngine
import Postgres
import ServiceKit

/// What of a published cohort can still be given: places that nobody holds, and applicants who were never offered one
/// or whose place was withdrawn. Whoever declined, deferred, let the deadline pass or was withdrawn is out.
struct FreePlaces: Sendable {
    /// By firm; none below zero.
    let places: [FirmID: Int]
    let applicants: Set<ApplicantID>

    /// Precondition: the transaction holds the cohort's lock.
    static func read(_ cohort: CohortID, tenant: TenantID, in tx: borrowing Transaction) async throws -> FreePlaces {
        let firms = try await tx.query(
            """
            SELECT f.id, greatest(0, f.capacity - (
                SELECT count(*) FROM matchmaking.offers o
                WHERE o.tenant_id = \(tenant.uuid) AND o.cohort_id = \(cohort.uuid) AND o.firm_id = f.id
                    AND o.state IN ('offered', 'accepted', 'deferral-asked', 'revoked'))) AS free
            FROM matchmaking.firms f WHERE f.tenant_id = \(tenant.uuid) AND f.cohort_id = \(cohort.uuid)
            """
        )
        let applicants = try await tx.query(
            """
            SELECT a.id FROM matchmaking.applicants a
            WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid)
                AND a.withdrawn_at IS NULL AND NOT EXISTS (
                SELECT FROM matchmaking.offers o
                WHERE o.tenant_id = \(tenant.uuid) AND o.applicant_id = a.id AND o.state <> 'revoked')
            """
        )
        return FreePlaces(
            places: Dictionary(
                uniqueKeysWithValues: try firms.map { row in
                    let (firm, free) = try row.decode(UUID.self, Int.self)
                    return (FirmID(firm), free)
                }
            ),
            applicants: Set(try applicants.map { ApplicantID(try $0.decode(UUID.self)) })
        )
    }

    /// Whether all of these can be placed where the round says.
    func hold(_ placements: [(applicant: ApplicantID, firm: FirmID)]) -> Bool {
        let wanted = placements.reduce(into: [FirmID: Int]()) { $0[$1.firm, default: 0] += 1 }
        return placements.allSatisfy { applicants.contains($0.applicant) }
            && wanted.allSatisfy { $0.value <= places[$0.key] ?? 0 }
    }

    /// The part of a market that is still open.
    func remainder(of input: MarketInput) -> MarketInput {
        let open = Set(applicants.map(\.description))
        var rest = input
        rest.applicants = input.applicants.filter { open.contains($0.id) }
        rest.firms = input.firms.map { firm in
            var firm = firm
            firm.capacity = FirmID(firm.id).flatMap { places[$0] } ?? 0
            firm.ranking = firm.ranking.map { $0.filter(open.contains) }.filter { !$0.isEmpty }
            return firm
        }
        return rest
    }
}
