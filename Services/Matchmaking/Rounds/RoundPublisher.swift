import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Publishes a round and tells everybody, in one transaction.
struct RoundPublisher: Sendable {
    let tenant: TenantID

    /// - Returns: The publication, and whether it is new.
    func publish(
        _ id: RoundID,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> (PublicationBody, isNew: Bool) {
        let round = try await RoundStore(tenant: tenant).find(id, in: tx).record
        let cohorts = CohortStore(tenant: tenant)
        // Two who publish at once wait here for each other.
        var cohort = try await cohorts.find(round.cohort, .update, in: tx).cohort
        let publications = PublicationStore(tenant: tenant)
        let published = try await publications.find(round.cohort, number: round.number, in: tx)
        do throws(CohortRefusal) {
            let isNew = try cohort.publish(id, published: published?.round)
            if let published, !isNew { return (.init(round: id, publishedAt: published.publishedAt), false) }
        } catch {
            throw Problem(error)
        }
        try await cohorts.save(cohort, in: tx)
        try await publications.insert(round, at: now, in: tx)
        let announcements = try await PlacementStore(tenant: tenant)
            .announcements(of: round, title: cohort.title, in: tx)
        try tx.publish(
            RoundPublished(roundID: id, cohortID: cohort.id, placed: round.placed, unplaced: round.unplaced)
        )
        try tx.publish(contentsOf: announcements)
        return (.init(round: id, publishedAt: now), true)
    }
}
