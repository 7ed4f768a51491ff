/// Looks for the smallest change of the market that leads an applicant to a better place, by solving again.
struct SmallestChangeSearch {
    private let outcome: Outcome

    init(_ outcome: Outcome) {
        self.outcome = outcome
    }

    /// The first choice that a better rank would have led to, of tied ones that which the lottery draws first; for an
    /// applicant without a place a firm that ranks them and that they did not list.
    func change(for applicant: String) -> Explanation.SmallestChange? {
        guard outcome.rules.goal == .stable, outcome.rules.locked[applicant] == nil else { return nil }
        if outcome.market.features.couples,
            let couple = outcome.market.input.couples.first(where: { $0.first == applicant || $0.second == applicant })
        {
            return change(for: applicant, of: couple)
        }
        guard let ranking = ranking(of: applicant) else { return nil }
        let place = outcome.place(of: applicant)
        for group in ranking {
            if let place, group.contains(place) { return nil }
            for position in inLotteryOrder(group) {
                let rank = neededRank(applicant, position) { $0[applicant] == position }
                if let rank { return .ranked(position: position, atMost: rank) }
            }
        }
        return place == nil ? unlisted(applicant, ranking) : nil
    }

    /// The first better pair that a better rank of this member alone would have led to.
    private func change(
        for member: String,
        of couple: MarketInput.Couple
    ) -> Explanation.SmallestChange? {
        let present = MarketInput.Pair(outcome.place(of: couple.first), outcome.place(of: couple.second))
        for group in couple.ranking {
            if group.contains(present) || group.contains(MarketInput.Pair(nil, nil)) { return nil }
            for pair in group {
                guard let position = member == couple.first ? pair.first : pair.second else { continue }
                let rank = neededRank(member, position) {
                    $0[couple.first] == .some(pair.first) && $0[couple.second] == .some(pair.second)
                }
                if let rank { return .ranked(position: position, atMost: rank) }
            }
        }
        return nil
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

    /// A rank at the firm with which the applicant gets what it wants, and one worse does not. Where a better rank never
    /// harms this is the worst rank that is enough.
    private func neededRank(
        _ applicant: String,
        _ position: String,
        isEnough: ([String: String?]) -> Bool
    ) -> Int? {
        guard let firm = firm(of: position) else { return nil }
        let others = outcome.market.input.firms[firm].ranking.joined().count { $0 != applicant }
        var fits = 0
        var fails = others + 2
        while fails - fits > 1 {
            let middle = (fits + fails) / 2
            let market = outcome.market.input.ranking(applicant, at: middle, byFirm: firm)
            if matching(market).map(isEnough) == true { fits = middle } else { fails = middle }
        }
        return fits > 0 ? fits : nil
    }

    private func unlisted(_ applicant: String, _ ranking: [[String]]) -> Explanation.SmallestChange? {
        let listed = Set(ranking.joined())
        for firm in outcome.market.input.firms.sorted(by: { $0.id.canonicallyPrecedes($1.id) })
        where firm.ranking.joined().contains(applicant) {
            for position in firm.allPositions.map(\.id).canonicallySorted where !listed.contains(position) {
                let market = outcome.market.input.appending(position, toListOf: applicant)
                if matching(market)?[applicant] == position { return .listing(position: position) }
            }
        }
        return nil
    }

    private func firm(of position: String) -> Int? {
        outcome.market.input.firms.firstIndex { $0.allPositions.contains { $0.id == position } }
    }

    /// `nil` if the changed market is not solved as was asked for.
    private func matching(_ input: MarketInput) -> [String: String?]? {
        guard let market = try? Market(input).locking(outcome.rules.locked),
            let solution = try? market.solution(for: outcome.rules)
        else { return nil }
        return market.matching(solution.edges)
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
