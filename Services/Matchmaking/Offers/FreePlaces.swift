import Domain
import Foundation
import MatchingEngine
import Postgres
import ServiceKit

/// What of a published cohort can still be given: places that nobody holds, and applicants who were never offered one
/// or whose place was withdrawn. Whoever declined, deferred, let the deadline pass or was withdrawn is out.
struct FreePlaces: Sendable {
    /// None below zero.
    let places: [PositionID: Int]
    let applicants: Set<ApplicantID>

    /// Precondition: the transaction holds the cohort's lock.
    static func read(_ cohort: CohortID, tenant: TenantID, in tx: borrowing Transaction) async throws -> FreePlaces {
        let firms = try await tx.query(
            """
            SELECT coalesce(p.id, f.id), greatest(0,
                CASE WHEN f.withdrawn_at IS NULL THEN coalesce(p.places, f.capacity) ELSE 0 END - (
                SELECT count(*) FROM matchmaking.offers o
                WHERE o.tenant_id = \(tenant.uuid) AND o.cohort_id = \(cohort.uuid)
                    AND coalesce(o.position_id, o.firm_id) = coalesce(p.id, f.id)
                    AND o.state IN ('offered', 'accepted', 'deferral-asked', 'revoked'))) AS free
            FROM matchmaking.firms f
            LEFT JOIN matchmaking.positions p ON (p.tenant_id, p.firm_id) = (f.tenant_id, f.id)
            WHERE f.tenant_id = \(tenant.uuid) AND f.cohort_id = \(cohort.uuid)
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
                    let (position, free) = try row.decode(UUID.self, Int.self)
                    return (PositionID(position), free)
                }
            ),
            applicants: Set(try applicants.map { ApplicantID(try $0.decode(UUID.self)) })
        )
    }

    /// Whether all of these can be placed where the round says.
    func hold(_ placements: [(applicant: ApplicantID, place: Place)]) -> Bool {
        let wanted = placements.reduce(into: [PositionID: Int]()) { $0[$1.place.id, default: 0] += 1 }
        return placements.allSatisfy { applicants.contains($0.applicant) }
            && wanted.allSatisfy { $0.value <= places[$0.key] ?? 0 }
    }

    /// The part of a market that is still open.
    func remainder(of market: RoundMarket) -> MarketInput {
        let input = market.input
        let open = Set(applicants.map(\.description))
        var rest = input
        rest.applicants = input.applicants.filter { open.contains($0.id) }
        // A team goes as a whole or not at all. Who is left of a couple goes alone.
        rest.teams = input.teams.filter { $0.members.allSatisfy(open.contains) }
        rest.couples = input.couples.filter { open.contains($0.first) && open.contains($0.second) }
        let broken = Set(input.couples.flatMap { [$0.first, $0.second] })
            .subtracting(rest.couples.flatMap { [$0.first, $0.second] })
        rest.applicants += market.members.filter { broken.contains($0.id) && open.contains($0.id) }
        let known = open.union(rest.teams.map(\.id)).subtracting(rest.teams.flatMap(\.members))
        rest.firms = input.firms.map { firm in
            var firm = firm
            firm.capacity = PositionID(firm.id).flatMap { places[$0] } ?? 0
            firm.ranking = firm.ranking.map { $0.filter(known.contains) }.filter { !$0.isEmpty }
            return firm
        }
        return rest
    }
}
