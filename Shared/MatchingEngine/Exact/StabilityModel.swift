/// A market as linear constraints: a variable for each option of each agent, true if the agent gets it.
struct StabilityModel {
    var solver = PseudoBoolean()
    let market: Market
    let agents: Agents
    /// By agent and option.
    private(set) var gets: [[Literal]] = []
    /// By agent and option: gets this one or one as good.
    var asGood: [[Literal]] = []
    /// By position: who may sit there.
    private(set) var takers: [[Taker]]
    /// By position, and by firm where it has several positions: how full they are. Empty with teams of several seats.
    private(set) var positionCounts: [SeatCounter?] = []
    private(set) var firmCounts: [SeatCounter?] = []
    /// True where a pair may block: what is to be made rare.
    var blocks: [Literal] = []
    /// Whether blocking is allowed, at a cost.
    let relaxed: Bool

    struct Taker {
        let applicant: Int
        let rank: Int32
        let seats: Int
        let literal: Literal
    }

    /// `start` is a matching that the search tries first.
    init(_ market: Market, _ agents: Agents, start: [Int32], relaxed: Bool = false) {
        self.market = market
        self.agents = agents
        self.relaxed = relaxed
        takers = Array(repeating: [], count: market.positionCount)
        for (index, agent) in agents.all.enumerated() {
            let present = agents.option(of: index, in: start)
            gets.append(agent.options.indices.map { solver.variable(phase: $0 == present) })
            solver.require(gets[index].map { Term(1, $0) }, atMost: 1)
            for (option, literal) in zip(agent.options, gets[index]) {
                for edge in option.edges { addTaker(edge, literal) }
            }
            addPrefixes(index)
        }
        addCapacities()
    }

    private mutating func addTaker(_ edge: Int32, _ literal: Literal) {
        let applicant = Int(market.edgeApplicant[Int(edge)])
        takers[market.position(of: edge)].append(
            Taker(
                applicant: applicant,
                rank: market.edgeRank[Int(edge)],
                seats: Int(market.seats[applicant]),
                literal: literal
            )
        )
    }

    private mutating func addPrefixes(_ index: Int) {
        let options = agents.all[index].options
        var literals: [Literal] = []
        var previous: Literal?
        var begin = 0
        while begin < options.count {
            let end = options[begin...].firstIndex { $0.rank != options[begin].rank } ?? options.count
            let prefix = solver.variable()
            solver.require([!prefix] + (previous.map { [$0] } ?? []) + gets[index][begin..<end])
            literals += Array(repeating: prefix, count: end - begin)
            previous = prefix
            begin = end
        }
        asGood.append(literals)
    }

    private mutating func addCapacities() {
        var ofFirm = [[Taker]](repeating: [], count: market.firmIDs.count)
        var positions = [Int](repeating: 0, count: market.firmIDs.count)
        for position in 0..<market.positionCount {
            ofFirm[Int(market.firmOfPosition[position])] += takers[position]
            positions[Int(market.firmOfPosition[position])] += 1
        }
        guard market.seats.areAllOne else {
            for (position, takers) in takers.enumerated() { limit(takers, to: Int(market.positionCapacity[position])) }
            for (firm, takers) in ofFirm.enumerated() { limit(takers, to: Int(market.firmCapacity[firm])) }
            return
        }
        for (position, takers) in takers.enumerated() {
            let capacity = Int(market.positionCapacity[position])
            positionCounts.append(SeatCounter(takers, capacity: capacity, &solver))
        }
        for (firm, takers) in ofFirm.enumerated() {
            let capacity = Int(market.firmCapacity[firm])
            let position = positions[firm] == 1 ? market.firmOfPosition.firstIndex(of: Int32(firm)) : nil
            if let position, Int(market.positionCapacity[position]) <= capacity {
                firmCounts.append(nil)
            } else {
                firmCounts.append(SeatCounter(takers, capacity: capacity, &solver))
            }
        }
    }

    private mutating func limit(_ takers: [Taker], to capacity: Int) {
        solver.require(takers.map { Term($0.seats, $0.literal) }, atMost: capacity)
    }

    /// A literal that makes a pair's blocking acceptable, if that is allowed at all.
    mutating func allowance() -> [Literal] {
        guard relaxed else { return [] }
        let literal = solver.variable()
        blocks.append(literal)
        return [literal]
    }

    /// At least so many agents have something.
    mutating func require(placed: Int) {
        solver.require(sizeTerms, atLeast: placed)
    }

    /// How many applicants an option places.
    private var sizeTerms: [Term] {
        zip(agents.all, gets).flatMap { agent, literals in
            zip(agent.options, literals).map { Term($0.edges.count, $1) }
        }
    }

    /// What the last answer says, as the edge of each applicant.
    var edges: [Int32] {
        var edges = [Int32](repeating: -1, count: market.applicantCount)
        for (agent, literals) in zip(agents.all, gets) {
            for (option, literal) in zip(agent.options, literals) where solver.isTrue(literal) {
                for edge in option.edges { edges[Int(market.edgeApplicant[Int(edge)])] = edge }
            }
        }
        return edges
    }
}
