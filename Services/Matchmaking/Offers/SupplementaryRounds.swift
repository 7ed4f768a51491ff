import Domain
import Foundation
import Postgres
import ServiceKit

/// Gives places that became free to whoever is next, while everybody who holds a place keeps it.
///
/// Unlike a first round it is computed with the cohort locked: what is left to match is small, and nothing that it
/// is computed from may change before it is stored.
struct SupplementaryRounds: Sendable {
    let tenant: TenantID
    let actor: Author

    /// Stores a round that staff may publish. Throws where it would place nobody.
    func run(
        _ id: CohortID,
        as round: RoundID,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> (StoredRound, [(Firm, FirmOutcome)]) {
        let number = try await PublicationStore(tenant: tenant).count(of: id, in: tx) + 1
        let record = try await CohortStore(tenant: tenant).change(id, in: tx) { (cohort) throws(CohortRefusal) in
            try cohort.supplement(number: number)
        }
        guard let round = try await compute(record, as: round, at: now, in: tx) else {
            throw Problem(CohortRefusal.nothingToFill)
        }
        try await store(round, in: tx)
        let firms = try await RoundStore(tenant: tenant).firms(of: [round.record.id], in: tx)
        return (StoredRound(record: round.record, publishedAt: nil), firms[round.record.id] ?? [])
    }

    /// Runs and publishes a round at once, where the cohort's rules say so and it places somebody.
    func fill(_ id: CohortID, at now: Date, in tx: borrowing Transaction) async throws {
        var record = try await CohortStore(tenant: tenant).find(id, .update, in: tx)
        guard record.cohort.answers.refill == .automatic, record.cohort.state == .published,
            let round = try await compute(record, as: RoundID(), at: now, in: tx)
        else { return }
        do throws(CohortRefusal) {
            try record.cohort.supplement(number: round.record.number)
        } catch .noMoreRounds {
            return
        } catch {
            throw Problem(error)
        }
        try await CohortStore(tenant: tenant).save(record.cohort, in: tx)
        try await store(round, in: tx)
        _ = try await RoundPublisher(tenant: tenant, actor: actor).publish(round.record.id, at: now, in: tx)
    }

    private func compute(
        _ record: CohortRecord,
        as id: RoundID,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> ComputedRound? {
        let published = try await PublicationStore(tenant: tenant).count(of: record.cohort.id, in: tx)
        let free = try await FreePlaces.read(record.cohort.id, tenant: tenant, in: tx)
        guard !free.applicants.isEmpty, free.places.values.contains(where: { $0 > 0 }) else { return nil }
        let market = try await RoundMarket.read(record, number: published + 1, free: free, tenant: tenant, in: tx)
        let round = try ComputedRound.solving(market, as: id, at: now)
        return round.record.placed > 0 ? round : nil
    }

    private func store(_ round: ComputedRound, in tx: borrowing Transaction) async throws {
        try await RoundStore(tenant: tenant).insert(round.record, round.firms, in: tx)
        try await PlacementStore(tenant: tenant).insert(round.placements, of: round.record, in: tx)
        AuditStore(tenant: tenant).add(AuditEntry(ran: round.record, by: actor), in: tx)
    }
}
