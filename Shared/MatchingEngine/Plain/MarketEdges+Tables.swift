extension MarketEdges {
    /// Below it, what rows tell is stored for each edge as well.
    private static let large = 1 << 20

    init(_ tables: MarketTables) {
        let choices = tables.choices
        let (ranks, unreturned) = HotLoops.ranks(of: choices, in: tables.rankings)
        let unranked = ranks.count { $0 == 0 }
        oneSided = unranked + unreturned
        guard unranked > 0 || choices.hasTies else {
            // Every choice is an edge: the columns are shared, not copied.
            start = choices.start
            position = choices.entries
            rank = ranks
            if position.count < Self.large {
                applicant = (0..<choices.count).flatMap { row in
                    repeatElement(Int32(row), count: choices.row(row).count)
                }
            }
            return
        }
        start.reserveCapacity(choices.start.count)
        position.reserveCapacity(ranks.count - unranked)
        choice.reserveCapacity(ranks.count - unranked)
        rank.reserveCapacity(ranks.count - unranked)
        for row in 0..<choices.count {
            var number: Int32 = 0
            let range = choices.row(row)
            for edge in range {
                if choices.entries[edge] >= 0 { number = Int32(edge - range.lowerBound) + 1 }
                guard ranks[edge] > 0 else { continue }
                if ranks.count < Self.large { applicant.append(Int32(row)) }
                position.append(choices.entries[edge] & .max)
                choice.append(number)
                rank.append(ranks[edge])
            }
            start.append(Int32(position.count))
        }
    }
}
