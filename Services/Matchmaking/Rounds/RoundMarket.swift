import Domain
import Foundation
import MatchingEngine
import Postgres

/// Everything that a round is computed from, as it was when the cohort was locked.
struct RoundMarket: Sendable {
    let cohort: Cohort
    let seed: String
    /// Which round of the cohort.
    let number: Int
    var input: MarketInput

    static func read(
        _ record: CohortRecord,
        number: Int,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> RoundMarket {
        let id = record.cohort.id
        let ofApplicants = RankingStore.applicants(of: id, tenant: tenant)
        let ofFirms = RankingStore.firms(of: id, tenant: tenant)
        let categories = try await ApplicantStore(tenant: tenant).categories(of: id, in: tx)
        let firms = try await MemberStore(tenant: tenant).firms(of: id, in: tx)
        let applicantLists = texts(try await ofApplicants.all(in: tx))
        let firmLists = texts(try await ofFirms.all(in: tx))
        let input = MarketInput(
            applicants: categories.map { applicant, categories in
                .init(
                    id: applicant.description,
                    ranking: applicantLists[applicant] ?? [],
                    categories: categories
                )
            },
            firms: firms.map { firm in
                .init(id: firm.id.description, capacity: firm.capacity, ranking: firmLists[firm.id] ?? [])
            }
        )
        return RoundMarket(cohort: record.cohort, seed: record.seed.text, number: number, input: input)
    }

    private static func texts<Owner, Subject>(
        _ entries: [RankingStore<Owner, Subject>.Entry]
    ) -> [ID<Owner>: [[String]]] {
        // An id is named in many rankings; its text is made once.
        var texts: [ID<Subject>: String] = [:]
        func text(_ id: ID<Subject>) -> String {
            if let text = texts[id] { return text }
            let text = id.description
            texts[id] = text
            return text
        }
        return Dictionary(uniqueKeysWithValues: entries.map { ($0.owner, $0.ranking.groups.map { $0.map(text) }) })
    }

    /// Part of the lottery, and the same in all rounds of a cohort: a place that becomes free goes to whoever was next.
    static let draw = "1"

    /// Applicants propose; ties are broken by the cohort's lottery.
    func solve() throws -> Outcome {
        try Market(input).solve(MatchingRules(seed: seed, round: Self.draw))
    }
}
