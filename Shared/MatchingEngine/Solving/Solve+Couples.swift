extension Market {
    /// With couples: Roth and Peranson in several orders, then the exact search, then the fewest blocking pairs.
    func solveCouples(_ strict: StrictPreferences, seed: String) -> Solution {
        let search = ExactSearch(self, strict)
        let agents = search.agents.all
        let isCouple = agents.map { $0.applicants.count == 2 }
        let options = agents.reduce(0) { $0 + $1.options.count }
        var best: RothPeranson.Attempt?
        for attempt in 0..<6 {
            let lottery = Lottery(seed: seed, round: "order \(attempt)")
            let turns = agents.indices.map { (lottery.number(of: applicantIDs[agents[$0].applicants[0]]), $0) }.sorted {
                $0 < $1
            }
            var order = turns.map(\.1)
            if attempt == 0 { order = order.filter { !isCouple[$0] } + order.filter { isCouple[$0] } }
            var heuristic = RothPeranson(self, strict, search.agents, seed: turns.first?.0.value ?? 0)
            // Small markets are cheaper to search through than to try often.
            let found = heuristic.run(order: order, workLimit: min(300 * options * (agents.count + 10), 40_000_000))
            if found.blocking == 0 { return Solution(edges: found.edges) }
            if found.blocking < best?.blocking ?? .max { best = found }
        }
        return exactly(search, from: best?.edges ?? [])
    }

    /// With teams that take several seats: deferred acceptance as a start, then the exact search.
    func solveTeams(_ strict: StrictPreferences) -> Solution {
        exactly(ExactSearch(self, strict), from: ChoiceAcceptance(self, strict).applicantsPropose())
    }

    /// A stable matching, or else the fewest blocking pairs.
    private func exactly(_ search: ExactSearch, from start: [Int32]) -> Solution {
        let answer = search.stable(from: start)
        if case .found(let edges) = answer { return Solution(edges: edges) }
        var isProved = false
        if case .impossible = answer { isProved = true }
        let blocked = blockingCount(start)
        // One is the fewest where none is not to be had.
        if blocked == 1 { return Solution(edges: start, isExhaustive: isProved, leastBlocking: isProved ? 1 : nil) }
        guard let least = search.fewestBlocking(from: start, blocked: blocked) else {
            return Solution(edges: start, isExhaustive: isProved)
        }
        let fewest = least.isFewest ? blockingCount(least.edges) : isProved ? 1 : nil
        return Solution(edges: least.edges, isExhaustive: isProved, leastBlocking: fewest)
    }

    private func blockingCount(_ edges: [Int32]) -> Int {
        MatchingChecker(input).certificate(for: matching(edges), rules: MatchingRules()).blocking.count
    }
}
