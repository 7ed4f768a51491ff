import Domain
import Foundation
import Postgres
import ServiceKit

/// Replaces one ranking, over the API and over the personal page alike.
struct RankingChange<Owner, Subject>: Sendable {
    let store: RankingStore<Owner, Subject>
    let owner: ID<Owner>
    /// What the owner is called in answers.
    let ownerName: String
    let actor: Author
    /// Whom the owner may not rank, with the reason for each.
    var barred: @Sendable (borrowing Transaction) async throws -> [ID<Subject>: String] = { _ in [:] }

    /// - Parameters:
    ///   - maximum: How many may be ranked; `nil` for as many as there are.
    ///   - pointer: Where in the request the ranking stands.
    ///   - check: Throws unless the version is the one that the caller has seen.
    func apply(
        _ groups: [[ID<Subject>]],
        maximum: (Cohort) -> Int?,
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
            let known = try await store.knownSubjects(in: tx)
            let ranking = try Ranking(
                groups,
                among: known,
                except: try await barred(tx),
                atMost: maximum(cohort) ?? known.count
            )
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
