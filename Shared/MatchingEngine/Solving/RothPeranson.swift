/// Roth and Peranson's way to match with couples: each agent in turn takes the best it can have; who loses a seat, and
/// who may hope for a seat that was left, is asked again. It may go in circles; then it gives up.
struct RothPeranson {
    private let market: Market
    private let strict: StrictPreferences
    private let agents: Agents
    private(set) var edges: [Int32]
    private var seated: [[Int32]]
    private var queue: [Int] = []
    private var isQueued: [Bool]
    /// By position: agents who list it.
    private let interested: [[Int]]

    init(_ market: Market, _ strict: StrictPreferences, _ agents: Agents) {
        self.market = market
        self.strict = strict
        self.agents = agents
        edges = Array(repeating: -1, count: market.applicantCount)
        seated = Array(repeating: [], count: market.positionCount)
        isQueued = Array(repeating: false, count: agents.all.count)
        var interested = [Set<Int>](repeating: [], count: market.positionCount)
        for (index, agent) in agents.all.enumerated() {
            for edge in agent.options.flatMap(\.edges) { interested[market.position(of: edge)].insert(index) }
        }
        self.interested = interested.map { $0.sorted() }
    }

    /// Whether it came to rest: then nobody blocks.
    mutating func settle(order: [Int], stepLimit: Int) -> Bool {
        for agent in order { enqueue(agent) }
        var head = 0
        while head < queue.count {
            if head > stepLimit { return false }
            let agent = queue[head]
            head += 1
            isQueued[agent] = false
            improve(agent)
        }
        return true
    }

    private mutating func enqueue(_ agent: Int) {
        guard !isQueued[agent] else { return }
        isQueued[agent] = true
        queue.append(agent)
    }

    private mutating func improve(_ agent: Int) {
        let present = agents.option(of: agent, in: edges) ?? agents.all[agent].options.count
        for option in agents.all[agent].options[..<present] where isAccepted(option) {
            return move(agent, to: option)
        }
    }

    private func isAccepted(_ option: Agents.Option) -> Bool {
        Set(option.edges.map { market.position(of: $0) }).allSatisfy { position in
            let newcomers = option.edges.filter {
                market.position(of: $0) == position && !seated[position].contains($0)
            }
            let chosen = (seated[position] + newcomers).sorted { strict.key[Int($0)] < strict.key[Int($1)] }
                .prefix(Int(market.positionCapacity[position]))
            return option.edges.allSatisfy { market.position(of: $0) != position || chosen.contains($0) }
        }
    }

    private mutating func move(_ agent: Int, to option: Agents.Option) {
        var left = leave(agent)
        for edge in option.edges {
            seated[market.position(of: edge)].append(edge)
            edges[Int(market.edgeApplicant[Int(edge)])] = edge
        }
        for position in Set(option.edges.map { market.position(of: $0) }).sorted() {
            while seated[position].count > Int(market.positionCapacity[position]) {
                guard let worst = seated[position].max(by: { strict.key[Int($0)] < strict.key[Int($1)] }) else { break }
                let loser = agents.ofApplicant[Int(market.edgeApplicant[Int(worst)])]
                left += leave(loser).filter { $0 != position }
                enqueue(loser)
            }
        }
        for position in left where seated[position].count < Int(market.positionCapacity[position]) {
            for agent in interested[position] { enqueue(agent) }
        }
    }

    /// Returns the positions that the agent gave up.
    private mutating func leave(_ agent: Int) -> [Int] {
        var left: [Int] = []
        for applicant in agents.all[agent].applicants where edges[applicant] >= 0 {
            let position = market.position(of: edges[applicant])
            seated[position].removeAll { $0 == edges[applicant] }
            edges[applicant] = -1
            left.append(position)
        }
        return left
    }
}
