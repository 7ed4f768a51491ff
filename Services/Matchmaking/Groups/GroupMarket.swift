import Domain
import MatchingEngine
import Postgres

/// The teams and couples of a market.
struct GroupMarket: Sendable {
    let all: [ApplicantGroup]
    let teams: [MarketInput.Team]
    let couples: [MarketInput.Couple]
    /// Everybody who is in a formed group.
    let members: Set<ApplicantID>
    let inTeams: Set<ApplicantID>

    var isEmpty: Bool { all.isEmpty }

    /// - Parameter present: Who takes part. A group that lacks somebody does not: its members are on their own.
    static func read(
        _ formed: [ApplicantGroup],
        of cohort: CohortID,
        _ applicants: [RankingStore<ApplicantSubject, PositionSubject>.Entry],
        _ positions: [Position],
        among present: Set<ApplicantID>,
        tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> GroupMarket {
        let groups = formed.filter { $0.applicants.allSatisfy(present.contains) }
        guard !groups.isEmpty else { return GroupMarket([], teamLists: [:], lists: [:], positions: [:]) }
        let teamLists = RoundMarket.texts(try await RankingStore.teams(of: cohort, tenant: tenant).all(in: tx))
        return GroupMarket(
            groups,
            teamLists: teamLists,
            lists: Dictionary(uniqueKeysWithValues: applicants.map { ($0.owner, $0.ranking) }),
            positions: Dictionary(uniqueKeysWithValues: positions.map { ($0.id, $0) })
        )
    }

    private init(
        _ groups: [ApplicantGroup],
        teamLists: [GroupID: [[String]]],
        lists: [ApplicantID: Ranking<PositionSubject>],
        positions: [PositionID: Position]
    ) {
        all = groups
        members = Set(groups.flatMap(\.applicants))
        inTeams = Set(groups.filter { $0.kind == .team }.flatMap(\.applicants))
        teams = groups.filter { $0.kind == .team }.map { group in
            // The whole team takes a place for each of its members.
            .init(
                id: group.id.description,
                members: group.applicants.map(\.description),
                ranking: teamLists[group.id] ?? [],
                seats: group.members.count
            )
        }
        let nothing = Ranking<PositionSubject>(ids: [], tiers: [])
        couples = groups.filter { $0.kind == .couple && $0.members.count == 2 }.map { group in
            let (first, second) = (group.applicants[0], group.applicants[1])
            let joint = JointRanking(
                lists[first] ?? nothing,
                lists[second] ?? nothing,
                positions: positions,
                apart: group.apart
            )
            return .init(
                id: group.id.description,
                first: first.description,
                second: second.description,
                ranking: joint.groups.map { $0.map { .init($0.first?.description, $0.second?.description) } }
            )
        }
    }

    /// By position, the teams that listed it and have a member who may not have it.
    func ineligible(_ eligibility: EligibilityBook) -> [String: Set<String>] {
        var ineligible: [String: Set<String>] = [:]
        for (group, team) in zip(all.filter { $0.kind == .team }, teams) {
            let barred = Set(eligibility.barred(group.applicants).keys.map(\.description))
            for id in team.ranking.joined() where barred.contains(id) { ineligible[id, default: []].insert(team.id) }
        }
        return ineligible
    }
}
