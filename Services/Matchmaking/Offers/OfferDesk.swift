import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Changes offers, writes down who did it, and tells the persons concerned, all in the caller's transaction.
///
/// Everybody locks the cohort's row before the offers' rows: those who answer share it, those who end many offers or
/// fill places have it alone. So what is answered and what expires at the same moment wait for each other in one order.
struct OfferDesk: Sendable {
    let tenant: TenantID
    let actor: Author

    /// Takes an applicant's answer. `check` throws unless the offer is the one that was seen.
    func answer(
        _ answer: OfferAnswer,
        to id: OfferID,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Offer) throws -> Void
    ) async throws -> OfferRecord {
        try await change(id, at: now, reason: nil, in: tx, check: check) { (offer) throws(OfferRefusal) in
            _ = try offer.answer(answer, at: now)
        }
    }

    /// Staff decide on the wish to start later. Refused, the applicant has the cohort's days anew to answer.
    func decideDeferral(
        of id: OfferID,
        isGranted: Bool,
        reason: String,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Offer) throws -> Void
    ) async throws -> OfferRecord {
        let cohort = try await cohort(of: id, in: tx)
        let extended = cohort.answers.deadline(from: now)
        let record = try await change(id, at: now, reason: reason, in: tx, check: check) {
            (offer) throws(OfferRefusal) in
            try offer.decideDeferral(isGranted: isGranted, extended: extended)
        }
        if !isGranted { try setTimer(of: record.cohort, at: record.offer.deadline, in: tx) }
        return record
    }

    func withdraw(
        _ subject: WithdrawalSubject,
        of id: OfferID,
        reason: String?,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Offer) throws -> Void
    ) async throws -> OfferRecord {
        try await change(id, at: now, reason: reason, in: tx, check: check) { (offer) throws(OfferRefusal) in
            try offer.withdraw(subject)
        }
    }

    /// The deadline has come: offers without an answer end. A timer that comes late or twice finds none.
    func expire(_ message: AnswersDue, at now: Date, in tx: borrowing Transaction) async throws {
        _ = try await CohortStore(tenant: tenant).find(message.cohortID, .update, in: tx)
        var changes: [(old: Offer, new: OfferRecord)] = []
        for var record in try await OfferStore(tenant: tenant).due(of: message.cohortID, by: message.deadline, in: tx) {
            let old = record.offer
            guard record.offer.expire(due: message.deadline) else { continue }
            record.changedAt = now
            changes.append((old, record))
        }
        try await store(changes, reason: nil, in: tx)
    }

    /// Has `AnswersDue` come at the deadline.
    func setTimer(of cohort: CohortID, at deadline: Date, in tx: borrowing Transaction) throws {
        let name = "answers \(cohort) \(Int(deadline.timeIntervalSince1970))"
        try tx.publish(AnswersDue(cohortID: cohort, deadline: deadline), at: deadline, timer: name)
    }

    private func cohort(of id: OfferID, in tx: borrowing Transaction) async throws -> Cohort {
        let record = try await OfferStore(tenant: tenant).find(id, in: tx)
        return try await CohortStore(tenant: tenant).find(record.cohort, .share, in: tx).cohort
    }

    private func change(
        _ id: OfferID,
        at now: Date,
        reason: String?,
        in tx: borrowing Transaction,
        check: (Offer) throws -> Void,
        _ change: (inout Offer) throws(OfferRefusal) -> Void
    ) async throws -> OfferRecord {
        _ = try await cohort(of: id, in: tx)
        var record = try await OfferStore(tenant: tenant).find(id, locks: true, in: tx)
        let old = record.offer
        try check(old)
        do throws(OfferRefusal) { try change(&record.offer) } catch { throw Problem(error) }
        guard record.offer != old else { return record }
        record.changedAt = now
        try await store([(old, record)], reason: reason, in: tx)
        return record
    }

    private func store(
        _ changes: [(old: Offer, new: OfferRecord)],
        reason: String?,
        in tx: borrowing Transaction
    ) async throws {
        guard let cohort = changes.first?.new.cohort else { return }
        let offers = OfferStore(tenant: tenant)
        offers.save(changes.map(\.new), in: tx)
        AuditStore(tenant: tenant).add(
            changes.map { old, new in
                AuditEntry(
                    .offerChanged,
                    of: cohort,
                    by: actor,
                    at: new.changedAt,
                    subject: new.offer.id.uuid,
                    before: old.auditFacts,
                    after: new.offer.auditFacts,
                    reason: reason
                )
            },
            in: tx
        )
        let facts = try await offers.facts(of: changes.map(\.new.offer.id), in: tx)
        for (_, new) in changes {
            if let placement = facts[new.offer.id] { try tell(new.offer, placement, in: tx) }
        }
        if changes.contains(where: { $0.old.state.holdsPlace && !$0.new.offer.state.holdsPlace }) {
            try tx.publish(PlacesFreed(cohortID: cohort))
        }
    }

    private func tell(_ offer: Offer, _ placement: PlacementFacts, in tx: borrowing Transaction) throws {
        switch offer.state {
        case .accepted: try tx.publish(PlacementAccepted(placement: placement))
        case .declined: try tx.publish(PlacementDeclined(placement: placement))
        case .expired: try tx.publish(PlacementExpired(placement: placement))
        case .withdrawn: try tx.publish(PlacementWithdrawn(placement: placement, subject: .applicant))
        case .revoked: try tx.publish(PlacementWithdrawn(placement: placement, subject: .place))
        case .deferred: try tx.publish(DeferralDecided(placement: placement, deadline: nil))
        case .offered: try tx.publish(DeferralDecided(placement: placement, deadline: offer.deadline))
        // The applicant asked on a page that says so.
        case .deferralAsked: break
        }
    }
}

extension Offer {
    fileprivate var auditFacts: [String: String] {
        [
            "state": state.rawValue, "deadline": deadline.formatted(.iso8601), "applicant": applicant.description,
            "firm": firm.description,
        ]
    }
}
