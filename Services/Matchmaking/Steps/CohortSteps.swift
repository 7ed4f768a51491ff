import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Takes a cohort from one state to the next: writes down who did it, publishes it, and tells those concerned, all in
/// the caller's transaction.
struct CohortSteps: Sendable {
    let tenant: TenantID
    let actor: Author

    /// What was set up becomes known.
    func open(_ record: inout CohortRecord, at now: Date, in tx: borrowing Transaction) async throws {
        let old = record.cohort.state
        do throws(CohortRefusal) { try record.cohort.open() } catch { throw Problem(error) }
        try await store(record, AuditEntry(.cohortOpened, record.cohort, from: old, by: actor, at: now), in: tx)
        try tx.publish(
            CohortOpened(
                cohortID: record.cohort.id,
                title: record.cohort.title,
                rankingDeadline: record.cohort.rankingDeadline,
                lotteryCommitment: record.seed.commitment
            )
        )
        try await tellContacts(.opened, of: record.cohort, until: record.cohort.rankingDeadline, in: tx)
    }

    /// Both sides may rank; applicants are invited.
    func openRanking(_ record: inout CohortRecord, at now: Date, in tx: borrowing Transaction) async throws {
        let old = record.cohort.state
        do throws(CohortRefusal) { try record.cohort.openRanking(at: now) } catch { throw Problem(error) }
        let cohort = record.cohort
        try await store(record, AuditEntry(.rankingOpened, cohort, from: old, by: actor, at: now), in: tx)
        try tx.publish(RankingOpened(cohortID: cohort.id, deadline: cohort.rankingDeadline))
        let applicants = try await ApplicantStore(tenant: tenant).active(of: cohort.id, in: tx)
        try tx.publish(contentsOf: applicants.map { RankingInvited($0, to: cohort) })
        try await tellContacts(.ranking, of: cohort, until: cohort.rankingDeadline, in: tx)
        try await RankingTimers(tenant: tenant).set(for: cohort, at: now, in: tx)
    }

    /// Moves the deadline for rankings, with its timers, and tells everybody who was told of the old one.
    func moveDeadline(
        _ record: inout CohortRecord,
        to deadline: Date,
        reason: String,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        let old = record.cohort.rankingDeadline
        guard deadline != old else { return }
        do throws(CohortRefusal) { try record.cohort.moveDeadline(to: deadline) } catch { throw Problem(error) }
        let cohort = record.cohort
        try await store(record, AuditEntry(moved: old, of: cohort, by: actor, at: now, reason: reason), in: tx)
        // Nobody was told of a draft.
        guard cohort.state != .draft else { return }
        try await tellContacts(.deadline, of: cohort, until: deadline, in: tx)
        guard cohort.state == .ranking else { return }
        let applicants = try await ApplicantStore(tenant: tenant).active(of: cohort.id, in: tx)
        try tx.publish(
            contentsOf: applicants.map {
                CohortNews(.deadline, of: cohort, CohortMember($0.id), $0.recipient, until: deadline)
            }
        )
        try await RankingTimers(tenant: tenant).set(for: cohort, at: now, in: tx)
    }

    /// Closes rankings. A cohort that is locked or run already stays as it is.
    func lock(
        _ record: inout CohortRecord,
        closesEarly: Bool,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        let counts = try await CohortStore(tenant: tenant).counts(of: [record.cohort.id], in: tx)
        let count = counts[record.cohort.id] ?? .none
        let old = record.cohort.state
        do throws(CohortRefusal) {
            try record.cohort.lock(
                at: now,
                closesEarly: closesEarly,
                applicants: count.applicants,
                firms: count.firms
            )
        } catch {
            throw Problem(error)
        }
        guard record.cohort.state != old else { return }
        let facts = ["closesEarly": "\(closesEarly)"]
        let entry = AuditEntry(.cohortLocked, record.cohort, from: old, by: actor, at: now, facts: facts)
        try await store(record, entry, in: tx)
        try tx.publish(CohortLocked(cohortID: record.cohort.id, lotteryCommitment: record.seed.commitment))
        try await tellContacts(.locked, of: record.cohort, in: tx)
    }

    /// Ends the cohort. Whoever still waited for a place is told that none will come.
    func close(
        _ record: inout CohortRecord,
        reason: String?,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        let old = record.cohort.state
        let hadResult = old == .published
        let pending = try await OfferStore(tenant: tenant).pending(of: record.cohort.id, in: tx)
        do throws(CohortRefusal) { try record.cohort.close(pending: pending) } catch { throw Problem(error) }
        guard hadResult || reason != nil else {
            throw Problem.invalid(.init("/reason", "is needed to give up a cohort before a round is published"))
        }
        let cohort = record.cohort
        let entry = AuditEntry(.cohortClosed, cohort, from: old, by: actor, at: now, reason: reason)
        try await store(record, entry, in: tx)
        try tx.publish(CohortClosed(cohortID: cohort.id, hadResult: hadResult))
        // Nobody was told of a draft.
        guard old != .draft else { return }
        let step: CohortNews.Step = hadResult ? .closed : .abandoned
        try await tellContacts(step, of: cohort, in: tx)
        let waiting = try await ApplicantStore(tenant: tenant).waiting(of: cohort.id, in: tx)
        let isTold = hadResult || old != .open
        if isTold {
            try tx.publish(contentsOf: waiting.map { CohortNews(step, of: cohort, CohortMember($0.id), $0.recipient) })
        }
    }

    private func store(_ record: CohortRecord, _ entry: AuditEntry, in tx: borrowing Transaction) async throws {
        try await CohortStore(tenant: tenant).save(record.cohort, in: tx)
        AuditStore(tenant: tenant).add(entry, in: tx)
    }

    private func tellContacts(
        _ step: CohortNews.Step,
        of cohort: Cohort,
        until deadline: Date? = nil,
        in tx: borrowing Transaction
    ) async throws {
        let contacts = try await ContactStore(tenant: tenant).all(of: cohort.id, in: tx)
        try tx.publish(
            contentsOf: contacts.map { CohortNews(step, of: cohort, $0.member, $0.recipient, until: deadline) }
        )
    }
}
