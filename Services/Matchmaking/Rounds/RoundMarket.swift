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
    let rules: RoundRules
    /// Whom the rules keep out, by the engine's id.
    let excluded: [String: Exclusion]

    /// - Parameter free: What is left, in a supplementary round.
    static func read(
        _ record: CohortRecord,
        number: Int,
        free: FreePlaces? = nil,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> RoundMarket {
        let id = record.cohort.id
        let ofApplicants = RankingStore.applicants(of: id, tenant: tenant)
        let ofFirms = RankingStore.firms(of: id, tenant: tenant)
        let applicants = try await ApplicantStore(tenant: tenant).ruled(of: id, in: tx)
        let firms = try await MemberStore(tenant: tenant).firms(of: id, in: tx)
        let applicantLists = texts(try await ofApplicants.all(in: tx))
        let present = Set(applicants.map(\.id.description))
        let firmLists = texts(try await ofFirms.all(in: tx)).mapValues { groups in
            groups.map { $0.filter(present.contains) }.filter { !$0.isEmpty }
        }
        let rules = RoundRules(
            rules: record.cohort.rules,
            firms: Dictionary(uniqueKeysWithValues: firms.map { ($0.id.description, ($0.id, $0.code)) }),
            holders: try await holders(of: id, free: free, tenant: tenant, in: tx)
        )
        var excluded: [String: Exclusion] = [:]
        for applicant in applicants { excluded[applicant.id.description] = rules.exclusion(of: applicant) }
        var input = MarketInput(
            applicants: applicants.map { applicant in
                let id = applicant.id.description
                let ranking = excluded[id] == nil ? applicantLists[applicant.id] ?? [] : []
                return .init(id: id, ranking: ranking, categories: rules.categories(of: applicant))
            },
            firms: firms.map { firm in
                .init(id: firm.id.description, capacity: firm.capacity, ranking: firmLists[firm.id] ?? [])
            }
        )
        if let free { input = free.remainder(of: input) }
        rules.limit(&input)
        return RoundMarket(
            cohort: record.cohort,
            seed: record.seed.text,
            number: number,
            input: input,
            rules: rules,
            excluded: excluded
        )
    }

    private static func holders(
        of cohort: CohortID,
        free: FreePlaces?,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> [RoundRules.Holder] {
        guard free != nil else { return [] }
        return try await OfferStore(tenant: tenant).holders(of: cohort, in: tx)
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

    var lottery: Lottery { Lottery(seed: seed, round: rules.draw(number: number)) }

    func solve() throws -> Outcome {
        try Market(input).solve(rules.matching(seed: seed, number: number))
    }
}
