import Domain
import Foundation
import Postgres
import ServiceKit

/// Takes what a firm says of its applicants, over the API and over the recruiter's page alike.
struct AcceptanceDesk: Sendable {
    let tenant: TenantID
    let actor: Author

    /// The position while its cohort can still be ranked; nobody can lock the cohort until the transaction ends.
    func open(
        _ id: PositionID,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws -> (record: PositionRecord, cohort: CohortID) {
        let positions = PositionStore(tenant: tenant)
        guard let (_, cohort) = try await positions.find(id, in: tx) else { throw Problem.notFound("position") }
        let record = try await CohortStore(tenant: tenant).find(cohort, .share, in: tx)
        do throws(CohortRefusal) { try record.cohort.checkRanking(at: now) } catch { throw Problem(error) }
        guard let found = try await positions.find(id, in: tx) else { throw Problem.notFound("position") }
        return found
    }

    /// Marks somebody unacceptable and takes them off the ranking, which so becomes a new version.
    func mark(
        _ candidate: ApplicantID,
        reason: String,
        for id: PositionID,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        let (record, cohort) = try await open(id, at: now, in: tx)
        let store = RankingStore.of(record.position, of: cohort, tenant: tenant)
        guard try await store.lock(id, in: tx), let old = try await store.find(id, in: tx) else {
            throw Problem.notFound("position")
        }
        guard try await store.knownSubjects(in: tx).contains(candidate) else { throw Problem.notFound("applicant") }
        let acceptance = AcceptanceStore(tenant: tenant)
        let before = try await acceptance.unacceptable(of: id, in: tx).first { $0.candidate == candidate }
        try await acceptance.mark(.init(candidate: candidate, reason: reason, at: now), of: id, in: cohort, tx)
        if old.ranking.ids.contains(candidate) {
            try await store.save([.init(owner: id, ranking: old.ranking.without(candidate))], in: tx)
        }
        note(.markedUnacceptable, candidate, cohort, id, now, before: before?.reason, after: reason, in: tx)
    }

    /// Takes a mark back. The candidate is not ranked by that.
    func unmark(
        _ candidate: ApplicantID,
        for id: PositionID,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        let (_, cohort) = try await open(id, at: now, in: tx)
        let acceptance = AcceptanceStore(tenant: tenant)
        let before = try await acceptance.unacceptable(of: id, in: tx).first { $0.candidate == candidate }
        guard try await acceptance.unmark(candidate, of: id, in: tx) else { throw Problem.notFound("mark") }
        note(.acceptableAgain, candidate, cohort, id, now, before: before?.reason, after: nil, in: tx)
    }

    private func note(
        _ action: AuditEntry.Action,
        _ candidate: ApplicantID,
        _ cohort: CohortID,
        _ position: PositionID,
        _ now: Date,
        before: String?,
        after: String?,
        in tx: borrowing Transaction
    ) {
        var old = ["position": position.description]
        old["reason"] = before
        AuditStore(tenant: tenant).add(
            AuditEntry(
                action,
                of: cohort,
                by: actor,
                at: now,
                subject: candidate.uuid,
                before: old,
                after: ["position": position.description],
                reason: after
            ),
            in: tx
        )
    }

    /// Stores scores that were checked.
    func score(
        _ scores: [(candidate: ApplicantID, criterion: Slug, value: Int)],
        _ position: PositionID,
        of cohort: CohortID,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        try await AcceptanceStore(tenant: tenant).save(scores, of: position, in: tx)
        let text = scores.map { "\($0.candidate):\($0.criterion)=\($0.value)" }
        AuditStore(tenant: tenant).add(
            AuditEntry(
                .scored,
                of: cohort,
                by: actor,
                at: now,
                subject: position.uuid,
                after: ["scores": text.joined(separator: " ")]
            ),
            in: tx
        )
    }

    /// Declares a position's ranking final as it is at `version`.
    func certify(
        _ id: PositionID,
        at now: Date,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> VersionedRanking<ApplicantSubject> {
        guard let (record, cohort) = try await PositionStore(tenant: tenant).find(id, in: tx) else {
            throw Problem.notFound("position")
        }
        return try await RankingChange(for: record.position, in: cohort, tenant: tenant, by: actor)
            .certify(at: now, in: tx, check: check)
    }
}

extension Ranking {
    fileprivate func without(_ id: ID<Subject>) -> Ranking {
        let rest = zip(ids, tiers).filter { $0.0 != id }
        return Ranking(ids: rest.map(\.0), tiers: rest.map(\.1))
    }
}
