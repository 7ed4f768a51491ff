extension StabilityModel {
    /// Each firm and position fills its minimum.
    mutating func requireMinima() {
        for firm in market.input.firms.sorted(by: { $0.id.canonicallyPrecedes($1.id) }) {
            var everywhere: [Term] = []
            for position in firm.allPositions.sorted(by: { $0.id.canonicallyPrecedes($1.id) }) {
                guard let index = market.positionIndex[position.id] else { continue }
                let terms = takers[Int(index)].map { Term($0.seats, $0.literal) }
                solver.require(terms, atLeast: position.minimum)
                everywhere += terms
            }
            solver.require(everywhere, atLeast: firm.minimum)
        }
    }

    /// Nobody sits where somebody better ranked would rather be than where they are.
    mutating func requireNoEnvy() {
        var holders = [[(rank: Int32, asGood: Literal)]](repeating: [], count: market.positionCount)
        for (agent, literals) in zip(agents.all, asGood) where agent.applicants.count == 1 {
            for (option, literal) in zip(agent.options, literals) {
                guard let edge = option.edges.first else { continue }
                holders[market.position(of: edge)].append((market.edgeRank[Int(edge)], literal))
            }
        }
        for position in holders.indices {
            // From the worst rank up: whether somebody worse than the present rank sits here.
            var worse: Literal?
            let ranks = Set(takers[position].map(\.rank)).sorted(by: >)
            for rank in ranks {
                if let worse {
                    for holder in holders[position] where holder.rank == rank {
                        solver.require([!worse, holder.asGood])
                    }
                }
                let here = solver.variable()
                for taker in takers[position] where taker.rank == rank { solver.require([!taker.literal, here]) }
                if let worse { solver.require([!worse, here]) }
                worse = here
            }
        }
    }
}
