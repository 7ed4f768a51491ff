/// What a market has besides applicants and firms with a capacity.
struct Features: Sendable {
    let couples: Bool
    /// Teams that take more than one seat.
    let largeTeams: Bool
    let positions: Bool
    let categories: Bool
    let regions: Bool
    let minima: Bool

    /// Nothing besides.
    init() {
        couples = false
        largeTeams = false
        positions = false
        categories = false
        regions = false
        minima = false
    }

    init(_ input: MarketInput) {
        couples = !input.couples.isEmpty
        largeTeams = input.teams.contains { $0.seats > 1 }
        positions = input.firms.contains { !$0.positions.isEmpty }
        categories = input.firms.contains { !$0.caps.isEmpty || !$0.reserves.isEmpty }
        regions = !input.regions.isEmpty
        minima = input.firms.contains { $0.minimum > 0 || $0.positions.contains { $0.minimum > 0 } }
    }

    /// Nothing but applicants and firms with a capacity.
    var isPlain: Bool { !minima && first() == nil }

    private var named: [(name: String, isThere: Bool)] {
        [
            ("couples", couples), ("teams of several seats", largeTeams), ("positions", positions),
            ("caps and reserves", categories), ("regional maxima", regions),
        ]
    }

    /// The first feature that is there, unless it is one of `allowed`.
    private func first(except allowed: [String] = []) -> String? {
        named.first { $0.isThere && !allowed.contains($0.name) }?.name
    }

    /// Throws if the engine has no algorithm for the combination.
    func check(_ rules: MatchingRules) throws(UnsupportedMarket) {
        let present = named.filter(\.isThere).map(\.name)
        // Couples and teams are solved together; nothing else is.
        if let last = present.last, present.count > 1, !(present.count == 2 && couples && largeTeams) {
            throw UnsupportedMarket(
                "\(present[0]) and \(last) in one market are not solved together: leave out one of the two."
                    .capitalised
            )
        }
        if minima, let name = first(except: ["positions"]) {
            throw UnsupportedMarket(
                "Minimum quotas and \(name) in one market are not solved together: leave out one of the two."
            )
        }
        let allowed = rules.goal == .stable ? named.map(\.name) : rules.goal == .mostPlaced ? ["positions"] : []
        if let name = first(except: allowed) {
            throw UnsupportedMarket("The goal \(rules.goal.rawValue) is not solved for \(name).")
        }
        if !rules.previous.isEmpty {
            if rules.goal != .stable { throw UnsupportedMarket("An earlier result is kept for the goal stable only.") }
            if let name = first(except: ["couples", "teams of several seats", "positions"]) {
                throw UnsupportedMarket("An earlier result is not kept in a market with \(name).")
            }
        }
        if rules.proposing == .firms {
            if rules.goal != .stable { throw UnsupportedMarket("Firms propose for the goal stable only.") }
            if let name = first(except: ["positions", "caps and reserves"]) {
                throw UnsupportedMarket("Firms can't propose in a market with \(name).")
            }
        }
    }
}

extension String {
    /// With a capital at the start.
    var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
