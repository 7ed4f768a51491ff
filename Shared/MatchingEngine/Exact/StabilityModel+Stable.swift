extension StabilityModel {
    /// No pair blocks, or each that does is counted in `blocks`.
    mutating func requireStability() {
        for index in agents.all.indices {
            let agent = agents.all[index]
            for option in agent.options.indices {
                // Options that are no better than another of the same rank share the same excuse.
                var excuses = [asGood[index][option]]
                excuses += allowance()
                if agent.applicants.count == 2 {
                    requireCouple(agent.options[option].edges, excuses)
                } else if let edge = agent.options[option].edges.first {
                    requireSingle(edge, excuses)
                }
            }
        }
    }

    /// Σ seats of those at the position, or the firm, whom it ranks at least as good as `rank`, without `applicants`.
    private func seated(_ positions: [Int], upTo rank: Int32, without applicants: [Int]) -> [Term] {
        positions.flatMap { takers[$0] }.filter { $0.rank <= rank && !applicants.contains($0.applicant) }
            .map { Term($0.seats, $0.literal) }
    }

    private mutating func requireSingle(_ edge: Int32, _ excuses: [Literal]) {
        let position = market.position(of: edge)
        let applicant = Int(market.edgeApplicant[Int(edge)])
        let rank = market.edgeRank[Int(edge)]
        let seats = Int(market.seats[applicant])
        let firm = market.firmOfPosition[position]
        let room = Int(market.positionCapacity[position]) - seats + 1
        let firmRoom = Int(market.firmCapacity[Int(firm)]) - seats + 1
        if room <= 0 || firmRoom <= 0 { return }
        let here = seated([position], upTo: rank, without: [applicant])
        let siblings = market.firmOfPosition.indices.filter { market.firmOfPosition[$0] == firm }
        guard siblings.count > 1 || firmRoom < room else {
            return solver.require(here + excuses.map { Term(room, $0) }, atLeast: room)
        }
        // Full of at least as good ones; or the firm is, and the applicant is not with it.
        let full = solver.variable()
        solver.require(here + [Term(room, !full)], atLeast: room)
        let firmFull = solver.variable()
        let everywhere = seated(siblings, upTo: rank, without: [applicant])
        solver.require(everywhere + [Term(firmRoom, !firmFull)], atLeast: firmRoom)
        for sibling in siblings {
            for taker in takers[sibling] where taker.applicant == applicant {
                solver.require([!firmFull, !taker.literal])
            }
        }
        solver.require(excuses + [full, firmFull])
    }

    /// A couple's pair does not block if one of its firms would not choose its member from those it has and the
    /// newcomers.
    private mutating func requireCouple(_ edges: [Int32], _ excuses: [Literal]) {
        if edges.count == 2, market.position(of: edges[0]) == market.position(of: edges[1]) {
            return requireTogether(edges, excuses)
        }
        var excuses = excuses
        for edge in edges {
            let position = market.position(of: edge)
            let applicant = Int(market.edgeApplicant[Int(edge)])
            let capacity = Int(market.positionCapacity[position])
            if capacity == 0 { return }
            let refuses = solver.variable()
            let better = seated([position], upTo: market.edgeRank[Int(edge)], without: [applicant])
            solver.require(better + [Term(capacity, !refuses)], atLeast: capacity)
            for taker in takers[position] where taker.applicant == applicant {
                solver.require([!refuses, !taker.literal])
            }
            excuses.append(refuses)
        }
        solver.require(excuses)
    }

    /// Both at one firm: it must choose both, with ties going against them.
    private mutating func requireTogether(_ edges: [Int32], _ excuses: [Literal]) {
        let position = market.position(of: edges[0])
        let need = Int(market.positionCapacity[position]) - 1
        if need <= 0 { return }
        let both = edges.map { Int(market.edgeApplicant[Int($0)]) }
        let worse = max(market.edgeRank[Int(edges[0])], market.edgeRank[Int(edges[1])])
        let better = seated([position], upTo: worse, without: both)
        solver.require(better + excuses.map { Term(need, $0) }, atLeast: need)
    }
}
