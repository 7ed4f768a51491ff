import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Publishes a round, offers its places and tells everybody, in one transaction.
struct RoundPublisher: Sendable {
    let tenant: TenantID
    let actor: Author

    /// What a round that is published at `now` may have as its deadline for answers.
    static func deadlines(at now: Date) -> ClosedRange<Date> { now...now.addingTimeInterval(366 * 86_400) }

    /// - Parameter answerDeadline: Until when the offers may be answered; by default as the cohort's rules say.
    /// - Returns: The publication, and whether it is new.
    func publish(
        _ id: RoundID,
        answerDeadline: Date? = nil,
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
            let isNew = try cohort.publish(
                id,
                number: round.number,
                computedAt: round.marketVersion,
                published: published?.round
            )
            if let published, !isNew { return (.init(id, published.publishedAt, published.answerDeadline), false) }
        } catch {
            throw Problem(error)
        }
        let deadline = answerDeadline ?? cohort.answers.deadline(from: now)
        let placed = try await PlacementStore(tenant: tenant).placed(by: id, in: tx)
        if round.number > 1 {
            let free = try await FreePlaces.read(cohort.id, tenant: tenant, in: tx)
            guard free.hold(placed) else { throw Problem(CohortRefusal.outdated) }
        }
        try await cohorts.save(cohort, in: tx)
        publications.insert(round, at: now, answers: deadline, in: tx)
        try offer(placed, by: round, at: now, until: deadline, in: tx)
        let announcements = try await PlacementStore(tenant: tenant)
            .announcements(of: round, title: cohort.title, answers: deadline, in: tx)
        try tx.publish(
            RoundPublished(roundID: id, cohortID: cohort.id, placed: round.placed, unplaced: round.unplaced)
        )
        try tx.publish(contentsOf: announcements)
        AuditStore(tenant: tenant).add(AuditEntry(published: round, answers: deadline, by: actor, at: now), in: tx)
        return (.init(id, now, deadline), true)
    }

    private func offer(
        _ placed: [(applicant: ApplicantID, place: Place)],
        by round: RoundRecord,
        at now: Date,
        until deadline: Date,
        in tx: borrowing Transaction
    ) throws {
        let records = placed.map { applicant, place in
            OfferRecord(
                offer: Offer(id: OfferID(), applicant: applicant, firm: place.firm, deadline: deadline),
                position: place.position,
                cohort: round.cohort,
                round: round.id,
                createdAt: now,
                changedAt: now
            )
        }
        OfferStore(tenant: tenant).insert(records, in: tx)
        if !records.isEmpty {
            try OfferDesk(tenant: tenant, actor: actor).setTimer(of: round.cohort, at: deadline, in: tx)
        }
    }
}
