/// The lists of one side in compressed rows, best first.
package struct RankedLists: Hashable, Sendable {
    /// The list of `row` is `entries[start[row]..<start[row + 1]]`.
    package var start: [Int32] = [0]
    /// Numbers of the other side. Negative, with the highest bit set, is as good as the one before.
    package var entries: [Int32] = []

    package static let tied = Int32.min

    package init() {}

    package init(start: [Int32], entries: [Int32]) {
        self.start = start
        self.entries = entries
    }

    package var count: Int { start.count - 1 }

    package func row(_ row: Int) -> Range<Int> { Int(start[row])..<Int(start[row + 1]) }

    package var hasTies: Bool { entries.contains { $0 < 0 } }

    /// The groups of one list, as numbers.
    func groups(_ row: Int) -> [[Int32]] {
        var groups: [[Int32]] = []
        for entry in entries[self.row(row)] {
            if entry < 0, !groups.isEmpty {
                groups[groups.count - 1].append(entry & .max)
            } else {
                groups.append([entry & .max])
            }
        }
        return groups
    }

    mutating func append(_ groups: [[Int32]]) {
        for group in groups {
            for (index, number) in group.sorted().enumerated() {
                entries.append(index == 0 ? number : number | Self.tied)
            }
        }
        start.append(Int32(entries.count))
    }

    /// The lists with each group in the order of `turns`, and nobody tied.
    func breakingTies(_ turns: [Int32]) -> RankedLists {
        guard hasTies else { return self }
        var strict = self
        for index in strict.entries.indices { strict.entries[index] &= .max }
        for row in 0..<count {
            var begin = self.row(row).lowerBound
            while begin < self.row(row).upperBound {
                var end = begin + 1
                while end < self.row(row).upperBound, entries[end] < 0 { end += 1 }
                if end - begin > 1 { strict.entries[begin..<end].sort { turns[Int($0)] < turns[Int($1)] } }
                begin = end
            }
        }
        return strict
    }
}
