/// Who has which seats while a market with couples is being matched. Flat, since it is asked millions of times.
struct CoupleSeating {
    private let position: [Int32]
    private let capacity: [Int32]
    /// By edge: of two edges of one position the lower is the better.
    private let key: [Int64]
    private let agentOfEdge: [Int32]
    /// The options of agent `a` are `optionStart[a]..<optionStart[a + 1]`, best first; each has one edge or two.
    private let optionStart: [Int32]
    private let first: [Int32]
    private let second: [Int32]

    private let seatStart: [Int32]
    /// By position, the edges seated there from the best to the worst.
    private var seats: [Int32]
    private var seatCount: [Int32]
    /// By position: the worst key that it would still take beside those it has.
    private var limit: [Int64]
    /// By agent: how many options are better than what it has; all if it has none.
    private(set) var held: [Int32]
    /// How many options were looked at: what the time goes by.
    private(set) var work = 0

    init(_ market: Market, _ strict: StrictPreferences, _ agents: Agents) {
        position = market.edgePosition
        capacity = market.positionCapacity
        key = strict.key
        agentOfEdge = market.edgePosition.indices.map { Int32(agents.ofApplicant[Int(market.edgeApplicant[$0])]) }
        var start: [Int32] = [0]
        var first: [Int32] = []
        var second: [Int32] = []
        var listed = [Int32](repeating: 2, count: market.positionCount)
        for agent in agents.all {
            for option in agent.options {
                first.append(option.edges.first ?? -1)
                second.append(option.edges.count > 1 ? option.edges[1] : -1)
                for edge in option.edges { listed[market.position(of: edge)] += 1 }
            }
            start.append(Int32(first.count))
        }
        optionStart = start
        self.first = first
        self.second = second
        var seatStart: [Int32] = [0]
        // Two more than there are seats, for a couple that is about to push others out.
        for (count, room) in zip(listed, capacity) {
            seatStart.append(seatStart[seatStart.count - 1] + min(count, room &+ 2))
        }
        self.seatStart = seatStart
        seats = Array(repeating: -1, count: Int(seatStart[seatStart.count - 1]))
        seatCount = Array(repeating: 0, count: market.positionCount)
        limit = market.positionCapacity.map { $0 > 0 ? .max : .min }
        held = agents.all.map { Int32($0.options.count) }
    }

    var agents: Int { held.count }

    /// Counts the work of another as its own.
    mutating func take(_ work: Int) { self.work = work }

    func hasSpare(_ position: Int) -> Bool { seatCount[position] < capacity[position] }

    /// For each applicant the edge of its place, -1 without one.
    func edges(_ market: Market) -> [Int32] {
        var edges = [Int32](repeating: -1, count: market.applicantCount)
        for agent in held.indices {
            for edge in heldEdges(agent) { edges[Int(market.edgeApplicant[Int(edge)])] = edge }
        }
        return edges
    }

    private func heldEdges(_ agent: Int) -> [Int32] {
        let option = Int(optionStart[agent] + held[agent])
        guard option < Int(optionStart[agent + 1]) else { return [] }
        return [first[option], second[option]].filter { $0 >= 0 }
    }

    /// The best option that the agent would rather have and that is open to it.
    mutating func bestOpen(_ agent: Int) -> Int32? {
        let start = Int(optionStart[agent])
        for option in 0..<Int(held[agent]) where isOpen(start + option) { return Int32(option) }
        return nil
    }

    /// How many options agents would rather have and could; counting ends at `most`.
    mutating func blocking(atMost most: Int = .max) -> Int {
        var count = 0
        for agent in held.indices where count < most {
            let start = Int(optionStart[agent])
            for option in start..<start + Int(held[agent]) where isOpen(option) { count += 1 }
        }
        return count
    }

    /// Whether each position would choose the option's members from those it has and the newcomers.
    private mutating func isOpen(_ option: Int) -> Bool {
        work += 1
        return chooses(first[option], with: second[option]) && chooses(second[option], with: first[option])
    }

    private func chooses(_ edge: Int32, with other: Int32) -> Bool {
        guard edge >= 0 else { return true }
        let here = Int(position[Int(edge)])
        let own = key[Int(edge)]
        guard other >= 0, position[Int(other)] == position[Int(edge)] else { return own <= limit[here] }
        // Both members at one position.
        var place = key[Int(other)] < own ? 2 : 1
        let begin = Int(seatStart[here])
        for index in begin..<begin + Int(seatCount[here]) {
            let seated = seats[index]
            if key[Int(seated)] >= own { break }
            if seated != other { place += 1 }
        }
        return place <= Int(capacity[here])
    }

    /// Gives the agent an option that is open to it. Returns who lost a seat by it, and the positions that were left.
    mutating func move(_ agent: Int, to option: Int32) -> (losers: [Int], left: [Int]) {
        var left = leave(agent)
        var losers: [Int] = []
        held[agent] = option
        let edges = heldEdges(agent)
        for edge in edges { sit(edge) }
        for edge in edges {
            let here = Int(position[Int(edge)])
            while seatCount[here] > capacity[here] {
                let loser = Int(agentOfEdge[Int(seats[Int(seatStart[here] + seatCount[here]) - 1])])
                left += leave(loser)
                losers.append(loser)
            }
        }
        return (losers, left)
    }

    private mutating func sit(_ edge: Int32) {
        let here = Int(position[Int(edge)])
        var index = Int(seatStart[here] + seatCount[here])
        while index > Int(seatStart[here]), key[Int(seats[index - 1])] > key[Int(edge)] {
            seats[index] = seats[index - 1]
            index -= 1
        }
        seats[index] = edge
        seatCount[here] += 1
        setLimit(here)
    }

    private mutating func setLimit(_ here: Int) {
        guard seatCount[here] >= capacity[here] else { return limit[here] = .max }
        limit[here] = capacity[here] == 0 ? .min : key[Int(seats[Int(seatStart[here] + capacity[here]) - 1])]
    }

    /// Returns the positions that the agent gave up.
    private mutating func leave(_ agent: Int) -> [Int] {
        let edges = heldEdges(agent)
        held[agent] = optionStart[agent + 1] - optionStart[agent]
        for edge in edges {
            let here = Int(position[Int(edge)])
            let end = Int(seatStart[here] + seatCount[here])
            guard let index = seats[Int(seatStart[here])..<end].firstIndex(of: edge) else { continue }
            for place in index..<end - 1 { seats[place] = seats[place + 1] }
            seatCount[here] -= 1
            setLimit(here)
        }
        return edges.map { Int(position[Int($0)]) }
    }
}
