/// Counts in unary who sits at a position, from the best ranked down: clauses that learn well, and that let the
/// conditions of many pairs share a literal.
struct SeatCounter {
    private let capacity: Int
    private let ranks: [Int32]
    /// By applicant from the best and by number from 1: at least so many of those so far have a seat.
    private let rows: [[Literal]]

    /// Allows no more than `capacity`.
    init(_ takers: [StabilityModel.Taker], capacity: Int, _ solver: inout PseudoBoolean) {
        self.capacity = capacity
        var options: [Int: [Literal]] = [:]
        var rankOf: [Int: Int32] = [:]
        for taker in takers {
            options[taker.applicant, default: []].append(taker.literal)
            rankOf[taker.applicant] = taker.rank
        }
        let line = rankOf.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        ranks = line.map(\.value)
        var rows: [[Literal]] = []
        for (applicant, _) in line {
            let seat = Self.either(options[applicant] ?? [], &solver)
            let before = rows.last ?? []
            if capacity == before.count {
                // The last of `before` says that it is full.
                solver.require([!seat] + before.suffix(1).map { !$0 })
            }
            var row: [Literal] = []
            for number in 0..<min(capacity, before.count + 1) {
                let has = solver.variable()
                let had = number < before.count ? before[number] : nil
                let hadLess = number > 0 ? before[number - 1] : nil
                if let had { solver.require([!had, has]) }
                solver.require([!seat, has] + [hadLess].compactMap { $0.map { !$0 } })
                solver.require([!has, seat] + [had].compactMap { $0 })
                if let hadLess { solver.require([!has, hadLess]) }
                row.append(has)
            }
            rows.append(row)
        }
        self.rows = rows
    }

    /// True exactly if one of `literals` is; at most one can be.
    private static func either(_ literals: [Literal], _ solver: inout PseudoBoolean) -> Literal {
        if literals.count == 1 { return literals[0] }
        let seat = solver.variable()
        for literal in literals { solver.require([!literal, seat]) }
        solver.require([!seat] + literals)
        return seat
    }

    /// Whether all seats are with those of at most this rank; `nil` if that can't be.
    func isFull(upTo rank: Int32) -> Literal? { has(capacity, upTo: rank) }

    func has(_ number: Int, upTo rank: Int32) -> Literal? {
        let last = (ranks.firstIndex { $0 > rank } ?? ranks.count) - 1
        return last >= 0 && number <= rows[last].count ? rows[last][number - 1] : nil
    }
}
