/// Exact answers for markets of up to some hundred agents: stable or not, the most placed, the fewest blocking pairs.
struct ExactSearch {
    let market: Market
    let agents: Agents
    /// How many dead ends each question may meet, and how many clauses it may look at, before it is given up. Counted,
    /// not timed: the answer is the same anywhere.
    var conflictLimit = 30_000
    var workLimit = 200_000_000

    enum Answer {
        case found([Int32])
        case impossible
        case undecided
    }

    init(_ market: Market, _ strict: StrictPreferences) {
        self.market = market
        agents = Agents(market, strict)
    }

    /// Whether the model stays within some million terms.
    var isWithinReach: Bool {
        var listed = [Int](repeating: 0, count: market.firmIDs.count)
        for agent in agents.all {
            for option in agent.options {
                for edge in option.edges { listed[Int(market.firmOfPosition[market.position(of: edge)])] += 1 }
            }
        }
        let units = zip(listed, market.firmCapacity).map { $0 * min($0, Int($1)) }
        return listed.reduce(0) { $0 + $1 * $1 } <= 3_000_000 && units.reduce(0, +) <= 400_000
    }

    func stable(from start: [Int32]) -> Answer {
        guard isWithinReach else { return .undecided }
        var model = StabilityModel(market, agents, start: start)
        model.requireStability()
        model.requireMinima()
        return answer(&model)
    }

    /// The stable matching that places most, and how many none can exceed. `start` must be stable.
    func mostPlaced(from start: [Int32], atMost limit: Int) -> (edges: [Int32], atMost: Int) {
        var best = start
        var placed = start.count { $0 >= 0 }
        guard placed < limit, isWithinReach else { return (best, limit) }
        var model = StabilityModel(market, agents, start: start)
        model.requireStability()
        model.requireMinima()
        while placed < limit {
            model.require(placed: placed + 1)
            switch answer(&model) {
            case .found(let edges):
                best = edges
                placed = edges.count { $0 >= 0 }
            case .impossible: return (best, placed)
            case .undecided: return (best, limit)
            }
        }
        return (best, limit)
    }

    /// A matching within all quotas that as few pairs block as can be; `isFewest` if that is proved.
    ///
    /// If `start` is within the quotas, `blocked` says how many pairs block it, and nothing worse is looked for.
    func fewestBlocking(from start: [Int32], blocked: Int? = nil) -> (edges: [Int32], isFewest: Bool)? {
        guard isWithinReach else { return blocked.map { _ in (start, false) } }
        var model = StabilityModel(market, agents, start: start, relaxed: true)
        model.requireStability()
        model.requireMinima()
        var best: [Int32]?
        if let blocked {
            best = start
            model.solver.require(model.blocks.map { Term(1, $0) }, atMost: blocked - 1)
        }
        while true {
            switch answer(&model) {
            case .found(let edges):
                best = edges
                let blocked = model.blocks.count { model.solver.isTrue($0) }
                if blocked == 0 { return (edges, true) }
                model.solver.require(model.blocks.map { Term(1, $0) }, atMost: blocked - 1)
            case .impossible: return best.map { ($0, true) }
            case .undecided: return best.map { ($0, false) }
            }
        }
    }

    /// An envy-free matching that meets the minimum quotas and places as many as can be.
    func envyFree(from start: [Int32]) -> (answer: Answer, isLargest: Bool) {
        guard isWithinReach else { return (.undecided, false) }
        var model = StabilityModel(market, agents, start: start)
        model.requireNoEnvy()
        model.requireMinima()
        var best: [Int32]?
        while true {
            switch answer(&model) {
            case .found(let edges):
                best = edges
                model.require(placed: edges.count { $0 >= 0 } + 1)
            case .impossible: return (best.map(Answer.found) ?? .impossible, true)
            case .undecided: return (best.map(Answer.found) ?? .undecided, false)
            }
        }
    }

    /// Of the stable matchings one in which the most have the edge that `before` names. `start` must be stable.
    func keepingMost(of before: [Int32], from start: [Int32]) -> (edges: [Int32], kept: Certificate.Kept) {
        func kept(_ edges: [Int32]) -> Int { zip(edges, before).count { $0 >= 0 && $0 == $1 } }
        let most = before.count { $0 >= 0 }
        var best = start
        guard kept(start) < most, isWithinReach else { return (start, .init(count: kept(start), atMost: most)) }
        var model = StabilityModel(market, agents, start: before)
        model.requireStability()
        model.requireMinima()
        let terms = zip(agents.all, model.gets).flatMap { agent, literals in
            zip(agent.options, literals).map { option, literal in
                Term(option.edges.count { before[Int(market.edgeApplicant[Int($0)])] == $0 }, literal)
            }
        }
        while kept(best) < most {
            model.solver.require(terms, atLeast: kept(best) + 1)
            switch answer(&model) {
            case .found(let edges): best = edges
            case .impossible: return (best, .init(count: kept(best), atMost: kept(best)))
            case .undecided: return (best, .init(count: kept(best), atMost: most))
            }
        }
        return (best, .init(count: most, atMost: most))
    }

    private func answer(_ model: inout StabilityModel) -> Answer {
        let conflicts = max(0, conflictLimit - model.solver.conflicts)
        return switch model.solver.solve(conflictLimit: conflicts, workLimit: workLimit) {
        case .satisfied: .found(model.edges)
        case .impossible: .impossible
        case .undecided: .undecided
        }
    }
}
