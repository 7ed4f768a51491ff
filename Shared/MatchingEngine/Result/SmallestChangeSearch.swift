/// Looks for the smallest change of the market that leads an applicant to a better place, by solving again.
struct SmallestChangeSearch {
    private let outcome: Outcome

    init(_ outcome: Outcome) {
        self.outcome = outcome
    }

    /// The first choice that a better rank would have led to, of tied ones that which the lottery draws first; for an
    /// applicant without a place a firm that ranks them and that they did not list.
    func change(for applicant: String) -> Explanation.SmallestChange? {
        guard isMonotone, outcome.rules.locked[applicant] == nil, let ranking = ranking(of: applicant) else {
            return nil
        }
        let place = outcome.place(of: applicant)
        for group in ranking {
            if let place, group.contains(place) { return nil }
            for position in inLotteryOrder(group) {
                if let rank = neededRank(applicant, position) { return .ranked(position: position, atMost: rank) }
            }
        }
        return place == nil ? unlisted(applicant, ranking) : nil
    }

    /// Whether a better rank can never harm: applicants propose, and each decides alone.
    private var isMonotone: Bool {
        let features = outcome.market.features
        return outcome.rules.proposing == .applicants && outcome.rules.goal == .stable && !features.couples
            && !features.largeTeams && !features.regions && !features.minima && !features.categories
    }

    private func inLotteryOrder(_ group: [String]) -> [String] {
        let lottery = Lottery(seed: outcome.rules.seed, round: outcome.rules.round)
        return group.canonicallySorted.map { (number: lottery.number(of: $0), id: $0) }
            .sorted { $0.number < $1.number }.map(\.id)
    }

    private func ranking(of applicant: String) -> [[String]]? {
        let input = outcome.market.input
        return input.applicants.first { $0.id == applicant }?.ranking
            ?? input.teams.first { $0.id == applicant }?.ranking
    }

    /// The worst rank at the firm that places the applicant at `position`. A better rank never harms, so halving finds it.
    private func neededRank(_ applicant: String, _ position: String) -> Int? {
        guard let firm = firm(of: position) else { return nil }
        let others = outcome.market.input.firms[firm].ranking.joined().count { $0 != applicant }
        var fits = 0
        var fails = others + 2
        while fails - fits > 1 {
            let middle = (fits + fails) / 2
            let market = outcome.market.input.ranking(applicant, at: middle, byFirm: firm)
            if place(applicant, in: market) == position { fits = middle } else { fails = middle }
        }
        return fits > 0 ? fits : nil
    }

    private func unlisted(_ applicant: String, _ ranking: [[String]]) -> Explanation.SmallestChange? {
        let listed = Set(ranking.joined())
        for firm in outcome.market.input.firms.sorted(by: { $0.id.canonicallyPrecedes($1.id) })
        where firm.ranking.joined().contains(applicant) {
            for position in firm.allPositions.map(\.id).canonicallySorted where !listed.contains(position) {
                let market = outcome.market.input.appending(position, toListOf: applicant)
                if place(applicant, in: market) == position { return .listing(position: position) }
            }
        }
        return nil
    }

    private func firm(of position: String) -> Int? {
        outcome.market.input.firms.firstIndex { $0.allPositions.contains { $0.id == position } }
    }

    private func place(_ applicant: String, in input: MarketInput) -> String? {
        guard let market = try? Market(input).locking(outcome.rules.locked),
            let solution = try? market.solution(for: outcome.rules)
        else { return nil }
        return market.matching(solution.edges)[applicant] ?? nil
    }
}

extension MarketInput {
    /// The market in which one firm ranks `applicant` at `rank`, alone and before those who had it.
    public func ranking(_ applicant: String, at rank: Int, byFirm index: Int) -> MarketInput {
        var changed = self
        var ranking = firms[index].ranking.map { $0.filter { $0 != applicant } }.filter { !$0.isEmpty }
        var before = 0
        let slot = ranking.firstIndex { group in
            defer { before += group.count }
            return before + 1 >= rank
        }
        ranking.insert([applicant], at: slot ?? ranking.count)
        changed.firms[index].ranking = ranking
        return changed
    }

    /// The market in which `applicant` (or team) lists `position` as well, last.
    public func appending(_ position: String, toListOf applicant: String) -> MarketInput {
        var changed = self
        for index in applicants.indices where applicants[index].id == applicant {
            changed.applicants[index].ranking.append([position])
        }
        for index in teams.indices where teams[index].id == applicant {
            changed.teams[index].ranking.append([position])
        }
        return changed
    }
}
