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

    private mutating func requireSingle(_ edge: Int32, _ excuses: [Literal]) {
        let position = market.position(of: edge)
        let firm = Int(market.firmOfPosition[position])
        if market.positionCapacity[position] == 0 || market.firmCapacity[firm] == 0 { return }
        guard !positionCounts.isEmpty else { return requireTeam(edge, excuses) }
        var excuses = excuses
        let rank = market.edgeRank[Int(edge)]
        if let full = positionCounts[position]?.isFull(upTo: rank) { excuses.append(full) }
        if let full = firmCounts[firm]?.isFull(upTo: rank) {
            // The firm is full of at least as good ones, and the applicant is not with it.
            let siblings = market.firmOfPosition.indices.filter { market.firmOfPosition[$0] == firm }
            excuses.append(both(full, without: [Int(market.edgeApplicant[Int(edge)])], at: siblings))
        }
        solver.require(excuses)
    }

    /// A literal that is true only if `condition` is and none of `applicants` sits at `positions`.
    private mutating func both(_ condition: Literal, without applicants: [Int], at positions: [Int]) -> Literal {
        let literal = solver.variable()
        solver.require([!literal, condition])
        for position in positions {
            for taker in takers[position] where applicants.contains(taker.applicant) {
                solver.require([!literal, !taker.literal])
            }
        }
        return literal
    }

    /// As many seats as the team needs are not to be had beside those ranked at least as good.
    private mutating func requireTeam(_ edge: Int32, _ excuses: [Literal]) {
        let position = market.position(of: edge)
        let applicant = Int(market.edgeApplicant[Int(edge)])
        let capacity = min(market.positionCapacity[position], market.firmCapacity[Int(market.firmOfPosition[position])])
        let room = Int(capacity) - Int(market.seats[applicant]) + 1
        if room <= 0 { return }
        let better = takers[position].filter { $0.rank <= market.edgeRank[Int(edge)] && $0.applicant != applicant }
        solver.require(
            better.map { Term($0.seats, $0.literal) } + excuses.map { Term(room, $0) },
            atLeast: room
        )
    }

    /// A literal that is true only if fewer than so many seats are left beside the others ranked at least as good.
    private mutating func lacks(_ needed: Int, _ edge: Int32, beside applicants: [Int]) -> Literal {
        let position = market.position(of: edge)
        let room = Int(market.positionCapacity[position]) - needed + 1
        let better = takers[position].filter {
            $0.rank <= market.edgeRank[Int(edge)] && !applicants.contains($0.applicant)
        }
        let literal = solver.variable()
        solver.require(better.map { Term($0.seats, $0.literal) } + [Term(room, !literal)], atLeast: room)
        return literal
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
            if market.positionCapacity[position] == 0 { return }
            if positionCounts.isEmpty {
                excuses.append(lacks(1, edge, beside: [Int(market.edgeApplicant[Int(edge)])]))
            } else if let full = positionCounts[position]?.isFull(upTo: market.edgeRank[Int(edge)]) {
                excuses.append(both(full, without: [Int(market.edgeApplicant[Int(edge)])], at: [position]))
            }
        }
        solver.require(excuses)
    }

    /// Both at one firm: it must choose both, with ties going against them.
    private mutating func requireTogether(_ edges: [Int32], _ excuses: [Literal]) {
        let position = market.position(of: edges[0])
        let capacity = Int(market.positionCapacity[position])
        if capacity <= 1 { return }
        let applicants = edges.map { Int(market.edgeApplicant[Int($0)]) }
        guard !positionCounts.isEmpty else {
            let last = market.edgeRank[Int(edges[0])] > market.edgeRank[Int(edges[1])] ? edges[0] : edges[1]
            return solver.require(excuses + [lacks(2, last, beside: applicants)])
        }
        let worse = max(market.edgeRank[Int(edges[0])], market.edgeRank[Int(edges[1])])
        var excuses = excuses
        if let full = positionCounts[position]?.isFull(upTo: worse) { excuses.append(full) }
        if let almost = positionCounts[position]?.has(capacity - 1, upTo: worse) {
            excuses.append(both(almost, without: applicants, at: [position]))
        }
        solver.require(excuses)
    }
}
