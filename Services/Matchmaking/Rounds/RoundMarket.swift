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
    /// By the market's id of a position, what it is.
    let places: [String: Place]
    /// By position, the applicants who listed it and may not have it.
    let ineligible: [String: Set<String>]
    /// Whom teams and couples in it consist of.
    let groups: [ApplicantGroup]
    /// The members of teams and couples, each as if they were alone.
    let members: [MarketInput.Applicant]

    /// The place of that id.
    func place(_ id: String) throws -> Place {
        guard let place = places[id] else { throw UnknownEngineID() }
        return place
    }

    /// The same market with other people and places in it.
    func with(_ input: MarketInput) -> RoundMarket {
        RoundMarket(
            cohort: cohort,
            seed: seed,
            number: number,
            input: input,
            places: places,
            ineligible: ineligible,
            groups: groups,
            members: members
        )
    }

    static func read(
        _ record: CohortRecord,
        number: Int,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> RoundMarket {
        let id = record.cohort.id
        let people = try await ApplicantStore(tenant: tenant).categories(of: id, in: tx)
        let positions = try await PositionStore(tenant: tenant).all(of: id, in: tx).map(\.position)
        let applicants = try await RankingStore.applicants(of: id, tenant: tenant).all(in: tx)
        let lists = texts(applicants)
        let groups = try await GroupMarket.read(of: id, applicants, positions, tenant: tenant, in: tx)
        let eligibility = try await EligibilityBook.read(positions, of: id, tenant: tenant, in: tx)
        let ineligible = eligibility.ineligible(lists.filter { !groups.inTeams.contains($0.key) })
            .merging(groups.ineligible(eligibility)) { $0.union($1) }
        let firms = try await firms(of: id, positions, tenant: tenant, in: tx)
        func alone(_ person: (applicant: ApplicantID, categories: [String])) -> MarketInput.Applicant {
            let list = lists[person.applicant] ?? []
            return .init(id: person.applicant.description, ranking: list, categories: person.categories)
        }
        let input = MarketInput(
            applicants: people.filter { !groups.members.contains($0.applicant) }.map(alone),
            teams: groups.teams,
            couples: groups.couples,
            firms: groups.isEmpty && ineligible.isEmpty
                ? firms : firms.map { groups.cleaned($0, without: ineligible[$0.id] ?? []) }
        )
        return RoundMarket(
            cohort: record.cohort,
            seed: record.seed.text,
            number: number,
            input: input,
            places: Dictionary(uniqueKeysWithValues: positions.map { ($0.id.description, Place($0)) }),
            ineligible: ineligible,
            groups: groups.all,
            members: groups.isEmpty ? [] : people.filter { groups.members.contains($0.applicant) }.map(alone)
        )
    }

    /// Positions and what was ranked for them.
    private static func firms(
        of id: CohortID,
        _ positions: [Position],
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> [MarketInput.Firm] {
        var lists = texts(try await RankingStore.positions(of: id, tenant: tenant).all(in: tx))
        for (firm, list) in texts(try await RankingStore.firms(of: id, tenant: tenant).all(in: tx)) {
            lists[PositionID(firm.uuid)] = list
        }
        return positions.map { .init(id: $0.id.description, capacity: $0.places, ranking: lists[$0.id] ?? []) }
    }

    static func texts<Owner, Subject>(
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
