import Domain
import Foundation
import HTTPTypes
import Postgres
import ServiceKit

/// Replaces one ranking or declares it final, over the API and over personal pages alike.
struct RankingChange<Owner, Subject>: Sendable {
    /// How many have to be ranked at least, and may be at most; `nil` for as many as there are.
    typealias Length = @Sendable (CohortRules.Lists) -> (minimum: Int, maximum: Int?)

    let store: RankingStore<Owner, Subject>
    let owner: ID<Owner>
    /// What the owner is called in answers.
    let ownerName: String
    let actor: Author
    let length: Length
    /// Whom the owner may not rank, with the reason for each.
    let barred: @Sendable (borrowing Transaction) async throws -> [ID<Subject>: String]
    /// Whom the owner is asked to rank.
    let wanted: @Sendable (borrowing Transaction) async throws -> Set<ID<Subject>>

    /// - Parameters:
    ///   - isPartial: Whether the list is still being made, and may be shorter than it has to be in the end.
    ///   - pointer: Where in the request the ranking stands.
    ///   - check: Throws unless the version is the one that the caller has seen.
    func apply(
        _ groups: [[ID<Subject>]],
        isPartial: Bool = false,
        at now: Date,
        pointer: String,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> VersionedRanking<Subject> {
        let (cohort, old) = try await lock(in: tx)
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
            let (minimum, maximum) = length(cohort.rules.lists)
            let ranking = try Ranking(
                groups,
                among: known,
                except: try await barred(tx),
                atLeast: isPartial ? 0 : minimum,
                atMost: maximum ?? known.count
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

    /// Declares the ranking final as it is, while it can still be changed. Throws for one that is shorter than the rules
    /// ask for, unless it has all there are.
    func certify(
        at now: Date,
        in tx: borrowing Transaction,
        check: (Int) throws -> Void
    ) async throws -> VersionedRanking<Subject> {
        let (cohort, ranking) = try await lock(in: tx)
        try check(ranking.version)
        do throws(CohortRefusal) { try cohort.checkRanking(at: now) } catch { throw Problem(error) }
        let minimum = length(cohort.rules.lists).minimum
        if ranking.ranking.ids.count < minimum {
            let open = try await wanted(tx).subtracting(try await barred(tx).keys)
            let count = min(minimum, open.count)
            guard ranking.ranking.ids.count >= count else { throw Problem(tooShortFor: count) }
        }
        try await CertificationStore(tenant: store.tenant, cohort: store.cohort)
            .certify(owner, version: ranking.version, by: actor, at: now, in: tx)
        return ranking
    }

    /// Many may rank at once, but nobody while a round locks the cohort, and one at a time on behalf of one owner.
    private func lock(in tx: borrowing Transaction) async throws -> (Cohort, VersionedRanking<Subject>) {
        let cohort = try await CohortStore(tenant: store.tenant).find(store.cohort, .share, in: tx).cohort
        guard try await store.lock(owner, in: tx), let ranking = try await store.find(owner, in: tx) else {
            throw Problem.notFound(ownerName)
        }
        return (cohort, ranking)
    }
}

extension Problem {
    static let listTooShort = "list-too-short"

    fileprivate init(tooShortFor count: Int) {
        self.init(
            .unprocessableContent,
            type: Self.listTooShort,
            title: "The list is too short to be certified",
            errors: [.init("/ranking", "must rank at least \(count)")]
        )
    }
}
