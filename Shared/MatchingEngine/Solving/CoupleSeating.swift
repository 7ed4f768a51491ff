/// Who has which seats while a market with couples is being matched, and which better options are open to whom.
///
/// Both are kept up to date with each move, of which most change little: only those options are looked at again whose
/// edges lie between the old and the new limit of a position.
struct CoupleSeating {
    let options: CoupleOptions
    /// By position, the slots that have seats, the best first.
    private var seated: [[Int32]]
    private var taken: [Int32]
    /// By position: the last slot that would be given a seat.
    private var limit: [Int32]
    /// By option: how many of the seats it asks for it would not be given.
    private var refusals: [Int8]
    /// By agent: how many options are better than what it has; all if it has none.
    private(set) var held: [Int32]
    /// By agent: how many of those are open to it.
    private var openCount: [Int32]
    /// How many options agents would rather have and could.
    private(set) var blocking = 0
    /// Agents that would rather have something that they could, and where each stands among them.
    private(set) var restless: [Int] = []
    private var standing: [Int]
    /// How many options were looked at: what the time goes by.
    private(set) var work = 0

    /// What a move changed.
    struct Move {
        /// The option that each agent had, first of all the one that moved.
        fileprivate(set) var before: [(agent: Int, option: Int32)] = []
        /// The positions that were left.
        fileprivate(set) var left: [Int] = []
    }

    /// Nobody has a seat.
    init(_ options: CoupleOptions) {
        self.options = options
        let positions = options.capacity.count
        seated = Array(repeating: [], count: positions)
        taken = Array(repeating: 0, count: positions)
        limit = options.row.dropFirst().map { $0 - 1 }
        refusals = Array(repeating: 0, count: options.first.count)
        held = Array(repeating: 0, count: options.agents)
        openCount = Array(repeating: 0, count: options.agents)
        standing = Array(repeating: -1, count: options.agents)
        for position in 0..<positions { setLimit(position) }
        for agent in 0..<options.agents { hold(options.count(of: agent), agent) }
    }

    func hasSpare(_ position: Int) -> Bool { taken[position] < options.capacity[position] }

    /// For each applicant the edge of its place, -1 without one.
    func edges(_ market: Market) -> [Int32] {
        var edges = [Int32](repeating: -1, count: market.applicantCount)
        for agent in held.indices {
            for edge in options.edges(held[agent], of: agent) { edges[Int(market.edgeApplicant[Int(edge)])] = edge }
        }
        return edges
    }

    /// The best option that the agent would rather have and that is open to it.
    func bestOpen(_ agent: Int) -> Int32? {
        guard openCount[agent] > 0 else { return nil }
        let start = Int(options.start[agent])
        return (0..<held[agent]).first { refusals[start + Int($0)] == 0 }
    }

    // MARK: Moves

    /// Gives the agent an option that is open to it, and takes the seats from whom that crowds out.
    mutating func move(_ agent: Int, to option: Int32) -> Move {
        var move = Move()
        leave(agent, &move)
        sit(agent, option)
        for edge in options.edges(option, of: agent) {
            let here = Int(options.position[Int(edge)])
            while taken[here] > options.capacity[here], let last = seated[here].last {
                leave(Int(options.agentOfEdge[Int(options.edgeInSlot[Int(last)])]), &move)
            }
        }
        return move
    }

    /// Makes a move undone. Precondition: it was the last.
    mutating func takeBack(_ move: Move) {
        var ignored = Move()
        for (agent, _) in move.before { leave(agent, &ignored) }
        for (agent, option) in move.before { sit(agent, option) }
    }

    private mutating func sit(_ agent: Int, _ option: Int32) {
        hold(option, agent)
        for edge in options.edges(option, of: agent) {
            let here = Int(options.position[Int(edge)])
            let slot = options.slot[Int(edge)]
            seated[here].insert(slot, at: (seated[here].lastIndex { $0 < slot } ?? -1) + 1)
            taken[here] += options.seats[Int(edge)]
            setLimit(here)
        }
    }

    private mutating func leave(_ agent: Int, _ move: inout Move) {
        move.before.append((agent, held[agent]))
        let edges = options.edges(held[agent], of: agent)
        hold(options.count(of: agent), agent)
        for edge in edges {
            let here = Int(options.position[Int(edge)])
            let slot = options.slot[Int(edge)]
            seated[here].removeAll { $0 == slot }
            taken[here] -= options.seats[Int(edge)]
            setLimit(here)
            move.left.append(here)
        }
    }

    // MARK: What is open

    private mutating func setLimit(_ position: Int) {
        let old = limit[position]
        let new = lastSlotWithSeat(position)
        limit[position] = new
        for slot in min(old, new) + 1..<max(old, new) + 1 {
            for option in options.inSlot[Int(slot)] {
                setRefusals(Int(option), refusals[Int(option)] + (new > old ? -1 : 1))
            }
        }
        for option in options.wide[position] { setRefusals(Int(option), isSeated(Int(option)) ? 0 : 1) }
    }

    private func lastSlotWithSeat(_ position: Int) -> Int32 {
        let capacity = options.capacity[position]
        if taken[position] < capacity { return options.row[position + 1] - 1 }
        var better = taken[position]
        for slot in seated[position].reversed() {
            better -= options.seats[Int(options.edgeInSlot[Int(slot)])]
            if better < capacity { return slot }
        }
        return options.row[position] - 1
    }

    /// Whether a position would give an option all of several seats beside those who go before it.
    private func isSeated(_ option: Int) -> Bool {
        let (first, second) = (options.first[option], options.second[option])
        return isSeated(first, with: second) && (second < 0 || isSeated(second, with: first))
    }

    private func isSeated(_ edge: Int32, with other: Int32) -> Bool {
        let own = options.slot[Int(edge)]
        let partner = other < 0 ? -1 : options.slot[Int(other)]
        var need = options.seats[Int(edge)]
        if other >= 0, partner < own { need += options.seats[Int(other)] }
        let here = Int(options.position[Int(edge)])
        for slot in seated[here] {
            if slot >= own { break }
            if slot != partner { need += options.seats[Int(options.edgeInSlot[Int(slot)])] }
        }
        return need <= options.capacity[here]
    }

    private mutating func setRefusals(_ option: Int, _ number: Int8) {
        work += 1
        let wasOpen = refusals[option] == 0
        refusals[option] = number
        guard wasOpen != (number == 0) else { return }
        let agent = Int(options.agent[option])
        if option < Int(options.start[agent] + held[agent]) { addOpen(wasOpen ? -1 : 1, agent) }
    }

    private mutating func hold(_ option: Int32, _ agent: Int) {
        let old = held[agent]
        held[agent] = option
        let start = Int(options.start[agent])
        let open = (min(old, option)..<max(old, option)).count { refusals[start + Int($0)] == 0 }
        work += Int(abs(old - option))
        addOpen(option > old ? Int32(open) : -Int32(open), agent)
    }

    private mutating func addOpen(_ change: Int32, _ agent: Int) {
        let wasRestless = openCount[agent] > 0
        openCount[agent] += change
        blocking += Int(change)
        guard wasRestless != (openCount[agent] > 0) else { return }
        if wasRestless {
            let last = restless.removeLast()
            if last != agent {
                restless[standing[agent]] = last
                standing[last] = standing[agent]
            }
        } else {
            standing[agent] = restless.count
            restless.append(agent)
        }
    }
}
