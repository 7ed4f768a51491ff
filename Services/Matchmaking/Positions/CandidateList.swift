import Domain
import Foundation
import Postgres

/// Somebody whom a position may rank, as the firm sees them: an applicant, or a whole team.
struct ListedCandidate: Sendable {
    let id: ApplicantID
    let name: PersonName
    /// One for an applicant; a team's members in their order.
    let people: [Candidate]
    let isTeam: Bool
    let score: Score
    /// The number of the group of the ranking, from 1; `nil` while not ranked.
    let tier: Int?
    /// Why the position does not take them, if it does not.
    let unacceptable: String?
}

/// Whom a position may rank, how it ranks them by now, and what the weighted criteria propose.
struct CandidateList: Sendable {
    let record: PositionRecord
    let cohort: CohortID
    let ranking: VersionedRanking<ApplicantSubject>
    let certifiedAt: Date?
    /// In the order of the ranking, then by falling score, at last whom the position does not take.
    let candidates: [ListedCandidate]

    /// Who is acceptable, by falling score; those of the same total are tied.
    var proposal: [[ApplicantID]] {
        Score.order(candidates.filter { $0.unacceptable == nil }.map { ($0.id, $0.score.hundredths) })
    }

    /// Those that the ranking has besides: whom the firm ranked but does not see.
    var unseen: [[ApplicantID]] {
        let seen = Set(candidates.map(\.id))
        return ranking.ranking.groups.map { $0.filter { !seen.contains($0) } }.filter { !$0.isEmpty }
    }

    static func read(
        _ record: PositionRecord,
        of cohort: CohortID,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> CandidateList {
        let position = record.position
        let acceptance = AcceptanceStore(tenant: tenant)
        let nothing = VersionedRanking<ApplicantSubject>(ranking: Ranking(ids: [], tiers: []), version: 0)
        let ranking =
            try await RankingStore.of(position, of: cohort, tenant: tenant).find(position.id, in: tx) ?? nothing
        let marked = try await acceptance.unacceptable(of: position.id, in: tx)
        let scores = try await acceptance.scores(of: position.id, in: tx)
        let tiers = Dictionary(uniqueKeysWithValues: zip(ranking.ranking.ids, ranking.ranking.tiers))
        let reasons = Dictionary(uniqueKeysWithValues: marked.map { ($0.candidate, $0.reason) })
        let parties = try await PartyStore(tenant: tenant).parties(for: position, of: cohort, in: tx)
        let candidates = parties.map { party in
            ListedCandidate(
                id: party.id,
                name: party.name,
                people: party.people,
                isTeam: party.isTeam,
                score: Score(position.criteria, scores: scores[party.id] ?? [:], facts: party.facts),
                tier: tiers[party.id],
                unacceptable: reasons[party.id]
            )
        }
        return CandidateList(
            record: record,
            cohort: cohort,
            ranking: ranking,
            certifiedAt: try await CertificationStore(tenant: tenant, cohort: cohort)
                .date(of: position.id, version: ranking.version, in: tx),
            candidates: candidates.sorted(by: ListedCandidate.precedes)
        )
    }
}

extension ListedCandidate {
    fileprivate static func precedes(_ left: ListedCandidate, _ right: ListedCandidate) -> Bool {
        func key(_ one: ListedCandidate) -> (Int, Int, Int) {
            (one.unacceptable == nil ? 0 : 1, one.tier ?? .max, -one.score.hundredths)
        }
        let (one, other) = (key(left), key(right))
        return one == other ? left.id < right.id : one < other
    }
}
