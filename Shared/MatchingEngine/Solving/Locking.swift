extension Market {
    /// The market in which some have their place already: it is their only choice, and the firm's first.
    func locking(_ locked: [String: String]) throws(UnsupportedMarket) -> Market {
        if locked.isEmpty { return self }
        var places: [Int: Int32] = [:]
        var used: [String: Int] = [:]
        for (id, place) in locked.sorted(by: { $0.key.canonicallyPrecedes($1.key) }) {
            guard let applicant = applicantIndex[id] else {
                throw UnsupportedMarket("\"\(id)\" can't be locked: it is no applicant of this market.")
            }
            guard let position = positionIndex[place] else {
                throw UnsupportedMarket("\"\(id)\" can't be locked at \"\(place)\", which does not exist.")
            }
            if input.couples.contains(where: { $0.first == id || $0.second == id }) {
                throw UnsupportedMarket("\"\(id)\" can't be locked: it is a couple's member.")
            }
            places[Int(applicant)] = position
            for name in Set([place, firmIDs[Int(firmOfPosition[Int(position)])]]) {
                used[name, default: 0] += Int(seats[Int(applicant)])
            }
        }
        for firm in input.firms {
            for (id, capacity) in [(firm.id, firm.capacity)] + firm.positions.map({ ($0.id, $0.capacity) })
            where used[id, default: 0] > capacity {
                throw UnsupportedMarket("More are locked at \"\(id)\" than its capacity, \(capacity).")
            }
        }
        return Market(self, edges: MarketEdges(self, locked: places))
    }
}

extension MarketEdges {
    init(_ market: Market, locked: [Int: Int32]) {
        for applicant in 0..<market.applicantCount {
            if let place = locked[applicant] {
                append(applicant, place, choice: 1, rank: 0)
            } else {
                for edge in market.edges(of: applicant) {
                    append(
                        applicant,
                        market.edgePosition[edge],
                        choice: market.edgeChoice[edge],
                        rank: market.edgeRank[edge]
                    )
                }
            }
            start.append(Int32(position.count))
        }
        oneSided = market.oneSided
    }

    private mutating func append(_ applicant: Int, _ place: Int32, choice: Int32, rank: Int32) {
        self.applicant.append(Int32(applicant))
        position.append(place)
        self.choice.append(choice)
        self.rank.append(rank)
    }
}
