/// The ids of a market in canonical order, and what belongs to each.
struct MarketIDs {
    let applicants: [String]
    let firms: [String]
    let positions: [String]
    let applicantIndex: [String: Int32]
    let positionIndex: [String: Int32]
    let firmOfPosition: [Int32]
    let positionCapacity: [Int32]
    let firmCapacity: [Int32]
    let seats: [Int32]

    init(_ input: MarketInput) {
        let members = input.couples.flatMap { [$0.first, $0.second] }
        applicants = (input.applicants.map(\.id) + input.teams.map(\.id) + members).canonicallySorted
        applicantIndex = Self.index(applicants)
        var seats = [Int32](repeating: 1, count: applicants.count)
        for team in input.teams {
            if let index = applicantIndex[team.id] { seats[Int(index)] = Int32(team.seats) }
        }
        self.seats = seats

        let sorted = input.firms.sorted { $0.id.canonicallyPrecedes($1.id) }
        firms = sorted.map(\.id)
        firmCapacity = sorted.map { Int32($0.capacity) }
        var rows: [(id: String, capacity: Int32, firm: Int32)] = []
        for (index, firm) in sorted.enumerated() {
            for position in firm.allPositions {
                rows.append((position.id, Int32(position.capacity), Int32(index)))
            }
        }
        rows.sort { $0.id.canonicallyPrecedes($1.id) }
        positions = rows.map(\.id)
        positionCapacity = rows.map(\.capacity)
        firmOfPosition = rows.map(\.firm)
        positionIndex = Self.index(positions)
    }

    private static func index(_ ids: [String]) -> [String: Int32] {
        var index: [String: Int32] = [:]
        index.reserveCapacity(ids.count)
        for (number, id) in ids.enumerated() { index[id] = Int32(number) }
        return index
    }
}

extension MarketInput.Firm {
    /// The positions, or the firm itself as the only one.
    var allPositions: [MarketInput.Position] {
        positions.isEmpty ? [MarketInput.Position(id: id, capacity: capacity, minimum: minimum)] : positions
    }
}

extension String {
    /// Order by UTF-8 bytes: the same on every machine, whatever Unicode it knows.
    func canonicallyPrecedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

extension [String] {
    var canonicallySorted: [String] { sorted { $0.canonicallyPrecedes($1) } }
}
