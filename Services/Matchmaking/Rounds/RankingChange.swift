import Domain
import Foundation
import HTTPTypes
import Postgres
import ServiceKit

/// Replaces one ranking, over the API and over the personal page alike.
struct RankingChange<Owner, Subject>: Sendable {
    let store: RankingStore<Owner, Subject>
    let owner: ID<Owner>
    /// What the owner is called in answers.
    let ownerName: String
    let actor: Author

    /// - Parameters:
    ///   - lengths: How many have to be ranked at least, and may be at most; `nil` for as many as there are.
    ///   - pointer: Where in the request the ranking stands.
    ///   - check: Throws unless the version is the one that the caller has seen.
    func apply(
        _ groups: [[ID<Subject>]],
        lengths: (CohortRules.Lists) -> (minimum: Int, maximum: Int?),
        at now: Date,
        pointer: String,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> VersionedRanking<Subject> {
        // Share: many may rank at once, but nobody while a round locks the cohort.
        let cohort = try await CohortStore(tenant: store.tenant).find(store.cohort, .share, in: tx).cohort
        guard try await store.lock(owner, in: tx), let old = try await store.find(owner, in: tx) else {
            throw Problem.notFound(ownerName)
        }
        do {
            try check(old.version)
            try cohort.checkRanking(at: now)
            if try await MemberStore(tenant: store.tenant).hasLeft(owner.uuid, in: tx) {
                throw Problem(
                    .conflict,
                    type: "\(ownerName == "firm" ? "firm" : "applicant")-withdrawn",
                    title: "They have left the cohort"
                )
            }
            let known = try await store.knownSubjects(in: tx)
            let (minimum, maximum) = lengths(cohort.rules.lists)
            let ranking = try Ranking(groups, among: known, atLeast: minimum, atMost: maximum ?? known.count)
            try await store.save([.init(owner: owner, ranking: ranking)], in: tx)
            AuditStore(tenant: store.tenant).add(
                AuditEntry(
                    .rankingChanged,
                    of: store.cohort,
                    by: actor,
                    at: now,
                    subject: owner.uuid,
                    before: ["version": "\(old.version)", "ranking": old.ranking.auditText],
                    after: ["version": "\(old.version + 1)", "ranking": ranking.auditText]
                ),
                in: tx
            )
            return VersionedRanking(ranking: ranking, version: old.version + 1)
        } catch let refusal as CohortRefusal {
            throw Problem(refusal)
        } catch let invalid as InvalidRanking {
            throw Problem(invalid, at: pointer)
        }
    }
}
