import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Runs a round in three steps, so that no transaction is open while it is solved: lock and read; solve; store, unless
/// something happened to the cohort in between.
struct RoundRunner: Sendable {
    let database: Database
    let tenant: TenantID
    let actor: Author

    /// Locks the cohort and computes a round of it.
    func compute(_ id: CohortID, closesEarly: Bool, at now: Date) async throws -> (RoundMarket, ComputedRound) {
        let market = try await database.transaction(tenant: tenant) { tx in
            let cohorts = CohortStore(tenant: tenant)
            var record = try await cohorts.find(id, .update, in: tx)
            try await CohortSteps(tenant: tenant, actor: actor)
                .lock(&record, closesEarly: closesEarly, at: now, in: tx)
            let published = try await PublicationStore(tenant: tenant).count(of: id, in: tx)
            return try await RoundMarket.read(record, number: published + 1, tenant: tenant, in: tx)
        }
        return (market, try ComputedRound.solving(market, at: now))
    }

    /// Stores the round and tells it as it can be read from now on.
    func store(
        _ round: ComputedRound,
        of market: RoundMarket,
        in tx: borrowing Transaction
    ) async throws -> (StoredRound, [(Firm, FirmOutcome)]) {
        _ = try await CohortStore(tenant: tenant).change(market.cohort.id, in: tx) { (cohort) throws(CohortRefusal) in
            try cohort.store(computedAt: market.cohort.version)
        }
        let rounds = RoundStore(tenant: tenant)
        try await rounds.insert(round.record, round.firms, in: tx)
        try await PlacementStore(tenant: tenant).insert(round.placements, of: round.record, in: tx)
        AuditStore(tenant: tenant).add(AuditEntry(ran: round.record, by: actor), in: tx)
        let firms = try await rounds.firms(of: [round.record.id], in: tx)
        return (StoredRound(record: round.record, publishedAt: nil), firms[round.record.id] ?? [])
    }
}
