internal import MatchingEngine

extension TableBuilder {
    /// Whether every id in a list is declared.
    var isComplete: Bool { !applicants.isDeclared.contains(false) && !firms.isDeclared.contains(false) }

    /// The market's tables. Only if nothing is wrong. The builder is empty afterwards.
    mutating func finish() -> (tables: MarketTables, numbering: Numbering) {
        let people = applicants.takeIDs()
        let places = firms.takeIDs()
        let numbering = Numbering(applicants: people.places, firms: places.places)
        let ordered = order(of: applicants, places: people.places)
        let orderedFirms = order(of: firms, places: places.places)
        let tables = MarketTables(
            applicants: people.ids,
            firms: places.ids,
            capacity: orderedFirms.map { capacity[Int($0)] },
            choices: applicants.takeLists(in: ordered, numbers: places.places),
            rankings: firms.takeLists(in: orderedFirms, numbers: people.places),
            categories: categories.isEmpty
                ? [] : ordered.map { Int($0) < categories.count ? categories[Int($0)] : [] }
        )
        return (tables, numbering)
    }

    /// By place in the canonical order, the list.
    private func order(of side: Side, places: [Int32]) -> [Int32] {
        var order = [Int32](repeating: 0, count: places.count)
        for (number, place) in places.enumerated() { order[Int(place)] = side.rows[number] }
        return order
    }
}

extension TableBuilder.Side {
    fileprivate mutating func takeIDs() -> (ids: IDs, places: [Int32]) {
        defer { ids = Interner() }
        return ids.canonical()
    }

    /// The lists in another order, with other numbers, and ties in the order of these.
    fileprivate mutating func takeLists(in order: [Int32], numbers: [Int32]) -> RankedLists {
        let old = lists
        lists = RankedLists()
        owners = []
        rows = []
        var new = HotLoops.reordered(old, rows: order, numbers: numbers)
        if new.hasTies { new.sortTies() }
        return new
    }
}

extension RankedLists {
    /// Puts the members of each group in the order of their numbers.
    fileprivate mutating func sortTies() {
        for row in 0..<count {
            var begin = self.row(row).lowerBound
            let last = self.row(row).upperBound
            while begin < last {
                var end = begin + 1
                while end < last, entries[end] < 0 { end += 1 }
                if end - begin > 1 {
                    for index in begin..<end { entries[index] &= .max }
                    entries[begin..<end].sort()
                    for index in begin + 1..<end { entries[index] |= Self.tied }
                }
                begin = end
            }
        }
    }
}
