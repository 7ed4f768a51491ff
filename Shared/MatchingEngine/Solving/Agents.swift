/// Who decides in a market: applicants and teams for themselves, couples for two.
struct Agents {
    /// A place, or two for a couple: its edges. A couple's member without a place has none.
    struct Option {
        /// 1 + how many options are strictly better.
        let rank: Int32
        let edges: [Int32]
    }

    struct Agent {
        let applicants: [Int]
        /// In the strict order of the lottery, best first.
        var options: [Option]
    }

    private(set) var all: [Agent] = []
    /// By edge: which agent it belongs to.
    private(set) var ofApplicant: [Int]

    init(_ market: Market, _ strict: StrictPreferences) {
        ofApplicant = Array(repeating: -1, count: market.applicantCount)
        let couples = market.input.couples.sorted { $0.id.canonicallyPrecedes($1.id) }
        for couple in couples {
            guard let first = market.applicantIndex[couple.first], let second = market.applicantIndex[couple.second]
            else { continue }
            ofApplicant[Int(first)] = all.count
            ofApplicant[Int(second)] = all.count
            let options = Self.options(couple, Int(first), Int(second), market)
            all.append(Agent(applicants: [Int(first), Int(second)], options: options))
        }
        for applicant in 0..<market.applicantCount where ofApplicant[applicant] < 0 {
            ofApplicant[applicant] = all.count
            let options = market.edges(of: applicant).map { place in
                let edge = strict.order[place]
                return Option(rank: market.edgeChoice[Int(edge)], edges: [edge])
            }
            all.append(Agent(applicants: [applicant], options: options))
        }
    }

    /// The pairs that both firms accept, down to where the couple would rather stay without.
    private static func options(
        _ couple: MarketInput.Couple,
        _ first: Int,
        _ second: Int,
        _ market: Market
    ) -> [Option] {
        var options: [Option] = []
        var rank: Int32 = 1
        for group in couple.ranking {
            if group.contains(MarketInput.Pair(nil, nil)) { break }
            let ordered = group.sorted {
                [$0.first ?? "", $0.second ?? ""].lexicographicallyPrecedes([$1.first ?? "", $1.second ?? ""]) {
                    $0.canonicallyPrecedes($1)
                }
            }
            for pair in ordered {
                let one = pair.first.map { market.edge(of: first, at: $0) }
                let other = pair.second.map { market.edge(of: second, at: $0) }
                // An inner nil: asked for, and not accepted.
                if one == .some(nil) || other == .some(nil) { continue }
                options.append(Option(rank: rank, edges: [one ?? nil, other ?? nil].compactMap { $0 }))
            }
            rank += Int32(group.count)
        }
        return options
    }

    /// The options in `edges`, by applicant, as edges.
    func option(of agent: Int, in edges: [Int32]) -> Int? {
        let held = Set(all[agent].applicants.map { edges[$0] }.filter { $0 >= 0 })
        if held.isEmpty { return nil }
        return all[agent].options.firstIndex { Set($0.edges) == held }
    }
}

extension Market {
    func edge(of applicant: Int, at position: String) -> Int32? {
        guard let index = positionIndex[position] else { return nil }
        return edges(of: applicant).first { edgePosition[$0] == index }.map(Int32.init)
    }
}
