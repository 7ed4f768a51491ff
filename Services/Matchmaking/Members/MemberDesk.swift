import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Lets applicants leave and universities confirm, in the caller's transaction. Everybody locks the cohort's row first.
struct MemberDesk: Sendable {
    let tenant: TenantID
    let actor: Author

    /// An applicant leaves, at whatever stage. Who holds a place gives it up, and it goes to the next. Tells nothing
    /// twice: who has left already stays so.
    ///
    /// - Parameter isOwnWish: Otherwise a place that was promised is taken away only with a reason.
    func withdraw(
        _ id: ApplicantID,
        reason: String?,
        isOwnWish: Bool,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> Applicant {
        let store = ApplicantStore(tenant: tenant)
        guard let (_, cohortID) = try await store.find(id, in: tx) else { throw Problem.notFound("applicant") }
        var record = try await CohortStore(tenant: tenant).find(cohortID, .update, in: tx)
        guard var (applicant, _) = try await store.find(id, in: tx) else { throw Problem.notFound("applicant") }
        guard applicant.withdrawnAt == nil else { return applicant }
        do throws(CohortRefusal) { try record.cohort.changeMarket() } catch { throw Problem(error) }
        try await CohortStore(tenant: tenant).save(record.cohort, in: tx)
        applicant.withdrawnAt = now
        store.save(applicant, in: tx)
        let entry = AuditEntry(
            .applicantWithdrawn,
            of: cohortID,
            by: actor,
            at: now,
            subject: id.uuid,
            before: ["state": record.cohort.state.rawValue],
            reason: reason
        )
        AuditStore(tenant: tenant).add(entry, in: tx)
        if record.cohort.mayNominate(at: now) { try await dissolveGroup(of: id, at: now, in: tx) }
        let latest = try await OfferStore(tenant: tenant).latest(of: id, in: tx)
        if let offer = latest?.offer, offer.state.holdsPlace {
            guard isOwnWish || reason != nil else {
                throw Problem.invalid(.init("/reason", "is needed to take away a place that was offered"))
            }
            _ = try await OfferDesk(tenant: tenant, actor: actor)
                .withdraw(.applicant, of: offer.id, reason: reason, at: now, in: tx) { _ in }
        } else if record.cohort.state != .draft {
            try tx.publish(
                ApplicantWithdrew(
                    applicantID: id,
                    cohortTitle: record.cohort.title,
                    recipient: applicant.recipient
                )
            )
        }
        return applicant
    }

    /// Without one of its members a group is none: the others rank for themselves again, while there is time.
    private func dissolveGroup(of id: ApplicantID, at now: Date, in tx: borrowing Transaction) async throws {
        guard let group = try await GroupStore(tenant: tenant).group(of: id, in: tx)?.group, group.state != .dissolved
        else { return }
        _ = try await GroupDesk(tenant: tenant, actor: actor)
            .dissolve(group.id, reason: "A member has left the cohort", at: now, in: tx) { _ in }
    }

    /// A university's students are enrolled, or are not after all. Throws where one is not of the university, if one is
    /// named.
    func confirm(
        _ ids: [ApplicantID],
        isEnrolled: Bool,
        of university: Slug? = nil,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> [Applicant] {
        let store = ApplicantStore(tenant: tenant)
        var changed: [Applicant] = []
        for id in ids {
            guard let (_, cohort) = try await store.find(id, in: tx) else { throw Problem.notFound("applicant") }
            // The lock comes before what it guards is read.
            var record = try await CohortStore(tenant: tenant).find(cohort, .update, in: tx)
            guard var (applicant, _) = try await store.find(id, in: tx),
                university == nil || applicant.university == university
            else { throw Problem.notFound("applicant") }
            guard (applicant.enrolledAt != nil) != isEnrolled, applicant.withdrawnAt == nil else {
                changed.append(applicant)
                continue
            }
            do throws(CohortRefusal) { try record.cohort.extend() } catch { throw Problem(error) }
            try await CohortStore(tenant: tenant).save(record.cohort, in: tx)
            let before = applicant.enrolledAt != nil
            applicant.enrolledAt = isEnrolled ? now : nil
            store.save(applicant, in: tx)
            let entry = AuditEntry(
                .enrolmentConfirmed,
                of: cohort,
                by: actor,
                at: now,
                subject: id.uuid,
                before: ["enrolled": "\(before)"],
                after: ["enrolled": "\(isEnrolled)"]
            )
            AuditStore(tenant: tenant).add(entry, in: tx)
            changed.append(applicant)
        }
        return changed
    }
}
