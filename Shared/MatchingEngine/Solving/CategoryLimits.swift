/// Caps and reserves are solved where the categories of a firm lie within each other or apart.
struct CategoryLimits {
    private let market: Market
    private let members: CategoryMembers

    init(_ market: Market) {
        self.market = market
        members = CategoryMembers(market)
    }

    func check() throws(UnsupportedMarket) {
        var listed: [String: Set<Int>] = [:]
        for edge in market.edgePosition.indices {
            let firm = market.firmIDs[Int(market.firmOfPosition[Int(market.edgePosition[edge])])]
            listed[firm, default: []].insert(Int(market.edgeApplicant[edge]))
        }
        for firm in market.input.firms.sorted(by: { $0.id.canonicallyPrecedes($1.id) }) {
            try check(firm, listed[firm.id] ?? [])
        }
    }

    private func check(_ firm: MarketInput.Firm, _ listed: Set<Int>) throws(UnsupportedMarket) {
        let names = Set(firm.caps.map(\.category) + firm.reserves.map(\.category)).sorted()
        let sets = names.map { members[$0].intersection(listed) }
        for (index, set) in sets.enumerated() {
            for other in sets.indices.dropFirst(index + 1) {
                let common = set.intersection(sets[other])
                guard common.isEmpty || common == set || common == sets[other] else {
                    throw UnsupportedMarket(
                        "\(firm.id): the categories \(names[index]) and \(names[other]) overlap, and neither lies within the other."
                    )
                }
            }
        }
        let reserves = firm.reserves.map { ($0.seats, members[$0.category].intersection(listed)) }
        try check(firm, reserves, within: listed, atMost: firm.capacity, "the capacity")
        for cap in firm.caps {
            let set = members[cap.category].intersection(listed)
            try check(firm, reserves, within: set, atMost: cap.maximum, "the cap of \(cap.category)")
        }
    }

    /// The reserves inside a set must fit its limit, or their order would decide.
    private func check(
        _ firm: MarketInput.Firm,
        _ reserves: [(seats: Int, members: Set<Int>)],
        within set: Set<Int>,
        atMost limit: Int,
        _ name: String
    ) throws(UnsupportedMarket) {
        let inner = reserves.filter { $0.members.isSubset(of: set) && !$0.members.isEmpty }
        // Of nested reserves the larger of the outer's and its inner ones' seats counts.
        func need(_ index: Int) -> Int {
            let below = inner.indices.filter { other in
                isWithin(inner[other].members, inner[index].members, other, index)
                    && !inner.indices.contains { between in
                        isWithin(inner[other].members, inner[between].members, other, between)
                            && isWithin(inner[between].members, inner[index].members, between, index)
                    }
            }
            return max(inner[index].seats, below.reduce(0) { $0 + need($1) })
        }
        let outermost = inner.indices.filter { index in
            !inner.indices.contains { isWithin(inner[index].members, inner[$0].members, index, $0) }
        }
        let total = outermost.reduce(0) { $0 + need($1) }
        if total > limit {
            throw UnsupportedMarket("\(firm.id): its reserves need \(total) seats, more than \(name), \(limit).")
        }
    }

    /// Proper nesting; of equal sets the earlier lies within the later.
    private func isWithin(_ set: Set<Int>, _ other: Set<Int>, _ index: Int, _ otherIndex: Int) -> Bool {
        set.isStrictSubset(of: other) || (set == other && index < otherIndex)
    }
}
