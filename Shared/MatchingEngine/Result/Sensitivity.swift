/// How many would be placed if one firm, or position, had a seat more or less.
public struct CapacitySensitivity: Hashable, Sendable {
    public let position: String
    public let placedWithOneMore: Int
    /// `nil` where there is no seat to take away.
    public let placedWithOneLess: Int?
}

extension Outcome {
    /// For each firm or position, in canonical order. Solves again twice for each, unless the market is plain.
    public func capacitySensitivity() throws(UnsupportedMarket) -> [CapacitySensitivity] {
        if rules.locked.isEmpty, var plain = PlainSensitivity(self) { return plain.rows(market.firmIDs) }
        return try capacitySensitivityBySolving()
    }

    func capacitySensitivityBySolving() throws(UnsupportedMarket) -> [CapacitySensitivity] {
        var rows: [CapacitySensitivity] = []
        for position in market.positionIDs {
            guard let more = try placed(changing: position, by: 1) else { continue }
            let less = try placed(changing: position, by: -1)
            rows.append(CapacitySensitivity(position: position, placedWithOneMore: more, placedWithOneLess: less))
        }
        return rows
    }

    /// `nil` where the market would not be valid.
    private func placed(changing position: String, by step: Int) throws(UnsupportedMarket) -> Int? {
        var input = market.input
        for index in input.firms.indices where input.firms[index].allPositions.contains(where: { $0.id == position }) {
            input.firms[index].capacity += step
            for place in input.firms[index].positions.indices where input.firms[index].positions[place].id == position {
                input.firms[index].positions[place].capacity += step
            }
        }
        guard let changed = try? Market(input) else { return nil }
        return try changed.locking(rules.locked).solution(for: rules).edges.count { $0 >= 0 }
    }
}
