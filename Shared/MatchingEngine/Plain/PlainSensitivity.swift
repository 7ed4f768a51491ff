/// How many would be placed with one seat more or less at each firm, without solving again: whoever loses the seat
/// moves on down the list, whoever gets one leaves another, and the chain ends soon.
///
/// By the Rural Hospitals theorem every stable matching of a strict market places the same, so that the one at the end
/// of a chain tells it for all.
struct PlainSensitivity {
    private let choices: RankedLists
    private let rankings: RankedLists
    private let ranks: [Int32]
    private let capacity: [Int32]
    private let placed: Int
    /// By applicant: the entry of its choices that it has, -1 without.
    private var held: [Int32]
    /// By firm: the ranks of those it holds, ascending.
    private var members: [[Int32]]
    private var changes: [Change] = []

    private enum Change {
        case held(Int, Int32)
        case members(Int, [Int32])
    }

    /// `nil` for markets with more than applicants and firms, other goals, and locked places.
    init?(_ outcome: Outcome) {
        guard outcome.rules.goal == .stable, let plain = PlainAcceptance(outcome.market),
            let tables = outcome.market.tables
        else { return nil }
        (choices, rankings) = plain.strict(Lottery(seed: outcome.rules.seed, round: outcome.rules.round))
        ranks = HotLoops.ranks(of: choices, in: rankings).ranks
        capacity = tables.capacity
        held = Array(repeating: -1, count: choices.count)
        placed = outcome.edges.count { $0 >= 0 }
        members = Array(repeating: [], count: rankings.count)
        for (applicant, edge) in outcome.edges.enumerated() where edge >= 0 {
            let firm = outcome.market.edgePosition[Int(edge)]
            var entry = choices.row(applicant).lowerBound
            while choices.entries[entry] != firm { entry += 1 }
            held[applicant] = Int32(entry)
            members[Int(firm)].append(ranks[entry])
        }
        for firm in members.indices { members[firm].sort() }
    }

    mutating func rows(_ ids: IDs) -> [CapacitySensitivity] {
        ids.indices.map { firm in
            CapacitySensitivity(
                position: ids[firm],
                placedWithOneMore: placed + (isFull(firm) ? offerSeat(at: firm) : 0),
                placedWithOneLess: capacity[firm] == 0 ? nil : placed - (isFull(firm) ? takeSeat(at: firm) : 0)
            )
        }
    }

    private func isFull(_ firm: Int) -> Bool { members[firm].count >= Int(capacity[firm]) }

    /// Whether one more is placed in the end.
    private mutating func offerSeat(at start: Int) -> Int {
        defer { undo() }
        var firm = start
        while let (applicant, entry) = firstWhoPrefers(firm) {
            let left = held[applicant]
            set(applicant, to: entry)
            if left < 0 { return 1 }
            firm = Int(choices.entries[Int(left)])
        }
        return 0
    }

    /// The best ranked who would rather be at the firm. Nobody is, down to the last whom it admitted at first.
    private func firstWhoPrefers(_ firm: Int) -> (applicant: Int, entry: Int32)? {
        let list = rankings.row(firm)
        for index in list.dropFirst(Int(members[firm].last ?? 0)) {
            let applicant = Int(rankings.entries[index])
            let row = choices.row(applicant)
            let better = row.lowerBound..<(held[applicant] < 0 ? row.upperBound : Int(held[applicant]))
            if let entry = better.first(where: { choices.entries[$0] == firm }) { return (applicant, Int32(entry)) }
        }
        return nil
    }

    /// Whether one less is placed in the end.
    private mutating func takeSeat(at firm: Int) -> Int {
        defer { undo() }
        guard let last = members[firm].last else { return 0 }
        keep(firm)
        members[firm].removeLast()
        var applicant = Int(rankings.entries[rankings.row(firm).lowerBound + Int(last) - 1])
        while let next = move(applicant, without: firm) {
            if next < 0 { return 0 }
            applicant = next
        }
        return 1
    }

    /// Who has to move on because the applicant does, -1 if nobody has; `nil` if it finds no place.
    private mutating func move(_ applicant: Int, without short: Int) -> Int? {
        for entry in (Int(held[applicant]) + 1)..<choices.row(applicant).upperBound where ranks[entry] > 0 {
            let firm = Int(choices.entries[entry])
            let room = Int(capacity[firm]) - (firm == short ? 1 : 0)
            guard room > 0, members[firm].count < room || ranks[entry] < members[firm].last ?? 0 else { continue }
            keep(firm)
            let slot = members[firm].firstIndex { $0 > ranks[entry] } ?? members[firm].count
            members[firm].insert(ranks[entry], at: slot)
            set(applicant, to: Int32(entry))
            guard members[firm].count > room else { return -1 }
            let last = members[firm].removeLast()
            return Int(rankings.entries[rankings.row(firm).lowerBound + Int(last) - 1])
        }
        return nil
    }

    private mutating func set(_ applicant: Int, to entry: Int32) {
        changes.append(.held(applicant, held[applicant]))
        held[applicant] = entry
    }

    private mutating func keep(_ firm: Int) { changes.append(.members(firm, members[firm])) }

    private mutating func undo() {
        while let change = changes.popLast() {
            switch change {
            case .held(let applicant, let entry): held[applicant] = entry
            case .members(let firm, let ranks): members[firm] = ranks
            }
        }
    }
}
