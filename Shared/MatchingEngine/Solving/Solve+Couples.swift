extension Market {
    /// With couples: Roth and Peranson in several orders, then the exact search, then the fewest blocking pairs.
    func solveCouples(_ strict: StrictPreferences, seed: String) -> Solution {
        let search = ExactSearch(self, strict)
        var edges: [Int32] = []
        for attempt in 0..<8 {
            var heuristic = RothPeranson(self, strict, search.agents)
            let turns = search.agents.all.indices.map { agent in
                let id = applicantIDs[search.agents.all[agent].applicants[0]]
                return (Lottery(seed: seed, round: "order \(attempt)").number(of: id), agent)
            }
            let order = turns.sorted { $0 < $1 }.map(\.1)
            let isCouple = search.agents.all.map { $0.applicants.count == 2 }
            let couplesLast = order.filter { !isCouple[$0] } + order.filter { isCouple[$0] }
            let settled = heuristic.settle(
                order: attempt == 0 ? couplesLast : order,
                stepLimit: 40 * (search.agents.all.count + 10)
            )
            if settled { return Solution(edges: heuristic.edges) }
            edges = heuristic.edges
        }
        switch search.stable(from: edges) {
        case .found(let found): return Solution(edges: found)
        case .impossible:
            return Solution(edges: search.fewestBlocking(from: edges)?.edges ?? edges, isExhaustive: true)
        case .undecided: return Solution(edges: search.fewestBlocking(from: edges)?.edges ?? edges)
        }
    }

    /// With teams that take several seats: deferred acceptance as a start, then the exact search.
    func solveTeams(_ strict: StrictPreferences) -> Solution {
        let start = ChoiceAcceptance(self, strict).applicantsPropose()
        let search = ExactSearch(self, strict)
        switch search.stable(from: start) {
        case .found(let found): return Solution(edges: found)
        case .impossible:
            return Solution(edges: search.fewestBlocking(from: start)?.edges ?? start, isExhaustive: true)
        case .undecided: return Solution(edges: start)
        }
    }
}
