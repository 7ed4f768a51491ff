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
    /// By the market's id of a position, what it is.
    let places: [String: Place]
    /// By position, the applicants who listed it and may not have it.
    let ineligible: [String: Set<String>]
    /// By the market's id, owners of rankings that do not count because they are not certified.
    let uncertified: Set<String>
    /// Whom teams and couples in it consist of.
    let groups: [ApplicantGroup]
    /// The members of teams and couples, each as if they were alone.
    let members: [MarketInput.Applicant]

    /// The place of that id.
    func place(_ id: String) throws -> Place {
        guard let place = places[id] else { throw UnknownEngineID() }
        return place
    }

    /// - Parameter free: What is left, in a supplementary round.
    static func read(
        _ record: CohortRecord,
        number: Int,
        free: FreePlaces? = nil,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> RoundMarket {
        let id = record.cohort.id
        let people = try await ApplicantStore(tenant: tenant).ruled(of: id, in: tx)
        let positions = try await PositionStore(tenant: tenant).all(of: id, in: tx)
        let applicants = try await RankingStore.applicants(of: id, tenant: tenant).all(in: tx)
        let lists = texts(applicants)
        let rules = RoundRules(
            rules: record.cohort.rules,
            firms: Dictionary(
                uniqueKeysWithValues: positions.map { ($0.position.id.description, ($0.position.firm, $0.firmCode)) }
            ),
            holders: try await holders(of: id, free: free, tenant: tenant, in: tx)
        )
        let uncertified = try await uncertified(record.cohort, tenant: tenant, in: tx)
        let formed = try await GroupStore(tenant: tenant).formed(in: id, tx)
        let excluded = rules.exclusions(of: people, in: formed, uncertified: uncertified)
        let groups = try await GroupMarket.read(
            formed,
            of: id,
            applicants,
            positions.map(\.position),
            among: Set(people.map(\.id).filter { excluded[$0.description] == nil }),
            tenant: tenant,
            in: tx
        )
        let eligibility = try await EligibilityBook.read(positions.map(\.position), of: id, tenant: tenant, in: tx)
        let ineligible = eligibility.ineligible(lists.filter { !groups.inTeams.contains($0.key) })
            .merging(groups.ineligible(eligibility)) { $0.union($1) }
        func alone(_ person: RuledApplicant) -> MarketInput.Applicant {
            let id = person.id.description
            let list = excluded[id] == nil ? lists[person.id] ?? [] : []
            return .init(id: id, ranking: list, categories: rules.categories(of: person))
        }
        // Members of teams are not ranked themselves, and whoever has left is not either.
        let known = Set(people.filter { !groups.inTeams.contains($0.id) }.map(\.id.description))
            .union(groups.teams.map(\.id))
        let firms = try await firms(of: id, positions.map(\.position), except: uncertified, tenant: tenant, in: tx)
        var market = RoundMarket(
            cohort: record.cohort,
            seed: record.seed.text,
            number: number,
            input: MarketInput(
                applicants: people.filter { !groups.members.contains($0.id) }.map(alone),
                teams: groups.teams,
                couples: groups.couples,
                firms: firms.map { $0.keeping(known.subtracting(ineligible[$0.id] ?? [])) }
            ),
            rules: rules,
            excluded: excluded,
            places: Dictionary(
                uniqueKeysWithValues: positions.map { ($0.position.id.description, Place($0.position)) }
            ),
            ineligible: ineligible,
            uncertified: Set(uncertified.map { PositionID($0).description }),
            groups: groups.all,
            members: groups.isEmpty ? [] : people.filter { groups.members.contains($0.id) }.map(alone)
        )
        if let free { market.input = free.remainder(of: market) }
        rules.limit(&market.input)
        return market
    }

    /// Whose rankings the rules don't count.
    private static func uncertified(
        _ cohort: Cohort,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> Set<UUID> {
        guard cohort.rules.certification == .required else { return [] }
        return try await CertificationStore(tenant: tenant, cohort: cohort.id).uncertified(in: tx)
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

    /// Positions and what was ranked for them, as far as it counts.
    private static func firms(
        of id: CohortID,
        _ positions: [Position],
        except uncertified: Set<UUID>,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> [MarketInput.Firm] {
        var lists = texts(try await RankingStore.positions(of: id, tenant: tenant).all(in: tx))
        for (firm, list) in texts(try await RankingStore.firms(of: id, tenant: tenant).all(in: tx)) {
            lists[PositionID(firm.uuid)] = list
        }
        for owner in uncertified { lists[PositionID(owner)] = nil }
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

    var lottery: Lottery { Lottery(seed: seed, round: rules.draw(number: number)) }

    func solve() throws -> Outcome {
        try Market(input).solve(rules.matching(seed: seed, number: number))
    }
}

extension MarketInput.Firm {
    /// The same with nobody but these on its list.
    fileprivate func keeping(_ known: Set<String>) -> MarketInput.Firm {
        var firm = self
        firm.ranking = ranking.map { $0.filter(known.contains) }.filter { !$0.isEmpty }
        return firm
    }
}
