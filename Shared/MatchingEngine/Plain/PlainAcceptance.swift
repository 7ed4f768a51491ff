/// Deferred acceptance in a market of applicants and firms with a capacity.
struct PlainAcceptance {
    /// From here on so many displaced applicants are worked on by turns.
    private static let large = 100_000
    private static let chains = 32

    private let market: Market
    private let tables: MarketTables

    /// `nil` if the market has more than that.
    init?(_ market: Market) {
        guard let tables = market.tables else { return nil }
        self.market = market
        self.tables = tables
    }

    /// The stable matching that is best for the side that proposes: for each applicant the edge of its place, or -1.
    func solve(_ proposing: MatchingRules.Proposing, _ lottery: Lottery) -> [Int32] {
        switch proposing {
        case .applicants where !tables.hasTies:
            return applicantsPropose(market.edgeStart, market.edgePosition, market.edgeRank)
        case .applicants:
            let (choices, rankings) = strict(lottery)
            let ranks = HotLoops.ranks(of: choices, in: rankings).ranks
            let places = applicantsPropose(choices.start, choices.entries, ranks)
            return edges(places.map { $0 < 0 ? -1 : choices.entries[Int($0)] })
        case .firms:
            let (choices, rankings) = strict(lottery)
            return edges(firmsPropose(choices, rankings))
        }
    }

    /// The lists after the lottery.
    func strict(_ lottery: Lottery) -> (choices: RankedLists, rankings: RankedLists) {
        func turns(_ ids: IDs, for lists: RankedLists) -> [Int32] { lists.hasTies ? lottery.turns(of: ids) : [] }
        return (
            tables.choices.breakingTies(turns(tables.firms, for: tables.choices)),
            tables.rankings.breakingTies(turns(tables.applicants, for: tables.rankings))
        )
    }

    private func applicantsPropose(_ start: [Int32], _ position: [Int32], _ rank: [Int32]) -> [Int32] {
        HotLoops.applicantsPropose(
            start: start,
            position: position,
            rank: rank,
            capacity: tables.capacity,
            chains: tables.applicants.count < Self.large ? 1 : Self.chains
        )
    }

    /// By applicant the firm that it ends with, or -1.
    private func firmsPropose(_ choices: RankedLists, _ rankings: RankedLists) -> [Int32] {
        var next = rankings.start
        var vacant = tables.capacity
        var held = [Int32](repeating: -1, count: choices.count)
        /// By applicant, where in its row `held` stands.
        var place = [Int32](repeating: .max, count: choices.count)
        var waiting = Array(0..<rankings.count)
        while let firm = waiting.popLast() {
            while vacant[firm] > 0, next[firm] < rankings.start[firm + 1] {
                let applicant = Int(rankings.entries[Int(next[firm])])
                next[firm] += 1
                guard let offer = choices.row(applicant).first(where: { choices.entries[$0] == firm }),
                    offer < place[applicant]
                else { continue }
                if held[applicant] >= 0 {
                    vacant[Int(held[applicant])] += 1
                    waiting.append(Int(held[applicant]))
                }
                held[applicant] = Int32(firm)
                place[applicant] = Int32(offer)
                vacant[firm] -= 1
            }
        }
        return held
    }

    private func edges(_ places: [Int32]) -> [Int32] {
        places.enumerated().map { applicant, place in
            if place < 0 { return -1 }
            return market.edges(of: applicant).first { market.edgePosition[$0] == place }.map { Int32($0) } ?? -1
        }
    }
}
