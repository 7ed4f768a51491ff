/// Roth and Peranson's way to match with couples: one agent after the other takes the best it can have; who loses a
/// seat, and who may hope for a seat that was left, is asked again. It may go in circles. Then a search takes over that
/// lets one blocking agent after the other have its way, mostly one after whom the fewest pairs block.
struct RothPeranson {
    private let market: Market
    private var seating: CoupleSeating
    private var random: SplitMix64
    private var waiting: [Int] = []
    private var isWaiting: [Bool]
    /// By position: agents who list it.
    private let interested: [[Int]]

    /// What came of it: the edge of each applicant, and how many pairs block.
    struct Attempt {
        var edges: [Int32]
        var blocking: Int
    }

    init(_ market: Market, _ strict: StrictPreferences, _ agents: Agents, seed: UInt64) {
        self.market = market
        seating = CoupleSeating(CoupleOptions(market, strict, agents))
        random = SplitMix64(state: seed)
        isWaiting = Array(repeating: false, count: agents.all.count)
        var interested = [Set<Int>](repeating: [], count: market.positionCount)
        for (index, agent) in agents.all.enumerated() {
            for edge in agent.options.flatMap(\.edges) { interested[market.position(of: edge)].insert(index) }
        }
        self.interested = interested.map { $0.sorted() }
    }

    /// `workLimit` is how many options may be looked at.
    mutating func run(order: [Int], workLimit: Int) -> Attempt {
        for agent in order.reversed() { wait(agent) }
        for step in 0..<30 * (order.count + 10) {
            // Who waits is a guess: a couple may have been in its own way. `walk` knows who blocks.
            guard let agent = next(isNewest: step < 4 * order.count) else { break }
            if let option = seating.bestOpen(agent) { move(agent, to: option) }
        }
        return walk(workLimit)
    }

    private mutating func wait(_ agent: Int) {
        guard !isWaiting[agent] else { return }
        isWaiting[agent] = true
        waiting.append(agent)
    }

    /// Who came last to wait, as Roth and Peranson have it; or whom the generator draws, to get out of circles.
    private mutating func next(isNewest: Bool) -> Int? {
        if !isNewest, waiting.count > 1 {
            waiting.swapAt(Int.random(in: waiting.indices, using: &random), waiting.count - 1)
        }
        let agent = waiting.popLast()
        if let agent { isWaiting[agent] = false }
        return agent
    }

    private mutating func move(_ agent: Int, to option: Int32) {
        let move = seating.move(agent, to: option)
        for (loser, _) in move.before.dropFirst() { wait(loser) }
        for position in move.left where seating.hasSpare(position) {
            for agent in interested[position] { wait(agent) }
        }
    }

    /// How many moves are tried before one is made, and in a hundred, how many are made untried.
    private static let trials = 8
    private static let untried = 3

    private mutating func walk(_ workLimit: Int) -> Attempt {
        var best = Attempt(edges: seating.edges(market), blocking: seating.blocking)
        while best.blocking > 0, seating.work < workLimit {
            guard var next = randomMove() else { break }
            if Int.random(in: 0..<100, using: &random) >= Self.untried {
                var fewest = blocking(after: next)
                for _ in 0..<Self.trials {
                    guard let move = randomMove() else { break }
                    let count = blocking(after: move)
                    if count < fewest { (next, fewest) = (move, count) }
                }
            }
            _ = seating.move(next.agent, to: next.option)
            if seating.blocking < best.blocking {
                best = Attempt(edges: seating.edges(market), blocking: seating.blocking)
            }
        }
        return best
    }

    /// Lets somebody who blocks have the best that is open to them.
    private mutating func randomMove() -> (agent: Int, option: Int32)? {
        guard let agent = seating.restless.randomElement(using: &random), let option = seating.bestOpen(agent) else {
            return nil
        }
        return (agent, option)
    }

    private mutating func blocking(after trial: (agent: Int, option: Int32)) -> Int {
        let move = seating.move(trial.agent, to: trial.option)
        defer { seating.takeBack(move) }
        return seating.blocking
    }
}

/// Numbers that look random and are the same on every machine.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
