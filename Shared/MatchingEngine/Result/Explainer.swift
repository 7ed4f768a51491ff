extension Outcome {
    /// Why `applicant` has the place they have; `nil` for an unknown id.
    ///
    /// `seekingChange` finds the smallest change that would have led to a better place by solving again some ten times,
    /// in a large market once.
    public func explanation(of applicant: String, seekingChange: Bool = true) -> Explanation? {
        guard let index = market.applicantIndex[applicant] else { return nil }
        if seekingChange, market.applicantCount >= Self.large, var changes = SmallestChanges(self) {
            changes.find(of: Int(index)..<Int(index) + 1)
            return Explainer(self, changes).explanation(of: Int(index), seekingChange: true)
        }
        return Explainer(self).explanation(of: Int(index), seekingChange: seekingChange)
    }

    private static var large: Int { 10_000 }

    /// All explanations in canonical order of ids. Changes that are found by solving again for each applicant, as in
    /// markets that are not plain, are sought as long as that is a matter of seconds.
    public func explanations(seekingChange: Bool = true) -> [Explanation] {
        var changes = seekingChange ? SmallestChanges(self) : nil
        changes?.find()
        let explainer = Explainer(self, changes)
        let size = market.applicantCount * market.edgePosition.count
        let isSought = seekingChange && (changes != nil || size <= (market.features.couples ? 10_000 : 1_000_000))
        return market.applicantIDs.indices.map { explainer.explanation(of: $0, seekingChange: isSought) }
    }
}

struct Explainer {
    let outcome: Outcome
    private let lottery: Lottery
    private let cutoffs: [String: Cutoff]
    private let lists: [String: [[String]]]
    /// Changes that were sought for all at once.
    private let changes: SmallestChanges?
    private let limits: LimitReasons
    private let blocking: Set<BlockingPair>

    init(_ outcome: Outcome, _ changes: SmallestChanges? = nil) {
        self.outcome = outcome
        self.changes = changes
        lottery = Lottery(seed: outcome.rules.seed, round: outcome.rules.round)
        cutoffs = Dictionary(uniqueKeysWithValues: outcome.certificate.cutoffs.map { ($0.position, $0) })
        var lists: [String: [[String]]] = [:]
        if outcome.market.tables == nil {
            for applicant in outcome.market.input.applicants { lists[applicant.id] = applicant.ranking }
            for team in outcome.market.input.teams { lists[team.id] = team.ranking }
        }
        self.lists = lists
        limits = LimitReasons(outcome)
        blocking = Set(outcome.certificate.blocking)
    }

    func explanation(of applicant: Int, seekingChange: Bool) -> Explanation {
        let id = outcome.market.applicantIDs[applicant]
        return Explanation(
            applicant: id,
            placedAt: outcome.place(of: id),
            steps: steps(applicant, id),
            smallestChange: seekingChange ? change(applicant, id) : nil
        )
    }

    private func change(_ applicant: Int, _ id: String) -> Explanation.SmallestChange? {
        if let changes, changes.covered.contains(applicant) { return changes.changes[applicant] }
        return SmallestChangeSearch(outcome).change(for: id)
    }

    private func steps(_ applicant: Int, _ id: String) -> [Explanation.Step] {
        if outcome.market.features.couples,
            let couple = outcome.market.input.couples.first(where: { $0.first == id || $0.second == id })
        {
            return CoupleSteps(outcome, couple).steps
        }
        var ranks: [Int: Int] = [:]
        for edge in outcome.market.edges(of: applicant) {
            ranks[Int(outcome.market.edgePosition[edge])] = Int(outcome.market.edgeRank[edge])
        }
        let place = outcome.place(of: id)
        if let place, outcome.rules.locked[id] != nil {
            return [Explanation.Step(choice: 1, position: place, reason: .locked)]
        }
        var steps: [Explanation.Step] = []
        var choice = 1
        for group in outcome.market.tables?.choices(of: applicant) ?? lists[id] ?? [] {
            let isLast = place.map(group.contains) ?? false
            for position in group.canonicallySorted {
                let rank = outcome.market.positionIndex[position].flatMap { ranks[Int($0)] }
                let reason: Explanation.Reason =
                    position == place ? .placed : isLast ? .equallyGood : reason(id, position, rank)
                steps.append(Explanation.Step(choice: choice, position: position, reason: reason))
            }
            if isLast { break }
            choice += group.count
        }
        return steps
    }

    private func reason(_ applicant: String, _ position: String, _ rank: Int?) -> Explanation.Reason {
        guard let rank else { return .notRankedByFirm }
        guard let cutoff = cutoffs[position], cutoff.capacity > 0 else { return .noSeats }
        if blocking.contains(BlockingPair(applicant: applicant, position: position)) { return .blocking }
        if let limit = limits.reason(applicant, position, rank) { return limit }
        guard let lastRank = cutoff.lastRank, cutoff.filled >= cutoff.capacity else {
            return isTeam(applicant) ? .noRoomTogether : .other
        }
        if rank > lastRank { return .ranked(rank, lastAdmitted: lastRank) }
        if isTeam(applicant), outcome.market.features.largeTeams { return .noRoomTogether }
        if rank == lastRank, let last = cutoff.lastLottery {
            return .lottery(rank: rank, own: lottery.number(of: applicant), lastAdmitted: last)
        }
        return .other
    }

    private func isTeam(_ id: String) -> Bool {
        outcome.market.tables == nil && outcome.market.input.teams.contains { $0.id == id }
    }
}
