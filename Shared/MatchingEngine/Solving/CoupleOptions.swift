/// What agents ask for in a market with couples, in flat rows, since it is looked at millions of times.
struct CoupleOptions {
    /// The options of agent `a` are `start[a]..<start[a + 1]`, best first.
    private(set) var start: [Int32] = [0]
    private(set) var agent: [Int32] = []
    /// By option its edges, -1 for none.
    private(set) var first: [Int32] = []
    private(set) var second: [Int32] = []

    let agentOfEdge: [Int32]
    let position: [Int32]
    let capacity: [Int32]
    /// By edge, how many seats it takes.
    let seats: [Int32]
    /// The edges of position `p` stand in the slots `row[p]..<row[p + 1]`, the best first.
    let row: [Int32]
    let edgeInSlot: [Int32]
    let slot: [Int32]
    /// By slot, the options that ask for one seat there and none beside it.
    private(set) var inSlot: [[Int32]]
    /// By position, the options that ask for several seats at once.
    private(set) var wide: [[Int32]]

    init(_ market: Market, _ strict: StrictPreferences, _ agents: Agents) {
        agentOfEdge = market.edgePosition.indices.map { Int32(agents.ofApplicant[Int(market.edgeApplicant[$0])]) }
        position = market.edgePosition
        capacity = market.positionCapacity
        seats = market.edgePosition.indices.map { market.seats[Int(market.edgeApplicant[$0])] }
        var lists = [[Int32]](repeating: [], count: market.positionCount)
        for edge in market.edgePosition.indices { lists[Int(market.edgePosition[edge])].append(Int32(edge)) }
        var row: [Int32] = [0]
        var edges: [Int32] = []
        for list in lists {
            edges += list.sorted { strict.key[Int($0)] < strict.key[Int($1)] }
            row.append(Int32(edges.count))
        }
        var slot = [Int32](repeating: 0, count: edges.count)
        for (place, edge) in edges.enumerated() { slot[Int(edge)] = Int32(place) }
        self.row = row
        self.slot = slot
        edgeInSlot = edges
        inSlot = Array(repeating: [], count: edges.count)
        wide = Array(repeating: [], count: market.positionCount)
        for (number, asking) in agents.all.enumerated() {
            for option in asking.options { add(option.edges, of: number) }
            start.append(Int32(first.count))
        }
    }

    private mutating func add(_ edges: [Int32], of asking: Int) {
        let option = Int32(first.count)
        agent.append(Int32(asking))
        first.append(edges.first ?? -1)
        second.append(edges.count > 1 ? edges[1] : -1)
        let places = edges.map { Int(position[Int($0)]) }
        if let place = places.first, Set(places).count < places.count || edges.contains(where: { seats[Int($0)] > 1 }) {
            wide[place].append(option)
        } else {
            for edge in edges { inSlot[Int(slot[Int(edge)])].append(option) }
        }
    }

    var agents: Int { start.count - 1 }

    /// How many options an agent has.
    func count(of agent: Int) -> Int32 { start[agent + 1] - start[agent] }

    /// The edges of an agent's option, none of the one after the last.
    func edges(_ option: Int32, of agent: Int) -> [Int32] {
        let index = Int(start[agent] + option)
        return index < Int(start[agent + 1]) ? [first[index], second[index]].filter { $0 >= 0 } : []
    }
}
