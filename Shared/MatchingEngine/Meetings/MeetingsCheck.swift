/// What a checker that shares no code with the solver found when it looked at a schedule.
public struct MeetingsCheck: Hashable, Sendable {
    /// SHA-256 of the wishes in canonical form.
    public let inputHash: String
    /// What is against the rules; empty if nothing is.
    public let breaches: [String]
    /// What all meetings are worth.
    public let points: Int
    /// No schedule is worth more: proved by prices, which were added up here.
    public let bound: Int
    /// Pairs of whom both had asked, and how many of them meet.
    public let mutualWishes: Int
    public let mutualMeetings: Int
    /// People who ranked somebody, or were ranked, and have no meeting.
    public let withoutMeeting: [String]

    public var holds: Bool { breaches.isEmpty }
    /// Whether no schedule is better.
    public var isOptimal: Bool { holds && points == bound }

    public init(_ input: MeetingsInput, _ meetings: [MeetingSchedule.Meeting], prices: MeetingPrices) {
        let wishes = CheckedWishes(input)
        var ledger = MeetingLedger(input, wishes)
        for meeting in meetings { ledger.add(meeting) }
        ledger.checkSlots()
        inputHash = input.canonicalHash
        breaches = ledger.breaches
        points = ledger.points
        bound = wishes.bound(prices)
        mutualWishes = wishes.pairs.count { $0.value.isMutual }
        mutualMeetings = ledger.mutual
        withoutMeeting = Array(wishes.wanted.subtracting(ledger.count.keys)).canonicallySorted
    }
}

private struct MeetingLedger {
    private let wishes: CheckedWishes
    private let input: MeetingsInput
    private(set) var breaches: [String] = []
    private(set) var points = 0
    private(set) var mutual = 0
    /// By person.
    private(set) var count: [String: Int] = [:]
    private var seenPairs = Set<[String]>()
    private var busy = Set<[String]>()
    private var tables: [String: [Int]] = [:]

    init(_ input: MeetingsInput, _ wishes: CheckedWishes) {
        self.input = input
        self.wishes = wishes
    }

    mutating func add(_ meeting: MeetingSchedule.Meeting) {
        let name = "\(meeting.buyer) and \(meeting.supplier)"
        guard let pair = wishes.pairs[[meeting.buyer, meeting.supplier]] else {
            breaches.append("\(name) meet, and did not ask for it or refused.")
            return
        }
        points += pair.points
        if pair.isMutual { mutual += 1 }
        if !seenPairs.insert([meeting.buyer, meeting.supplier]).inserted { breaches.append("\(name) meet twice.") }
        if !input.slots.contains(where: { $0.id == meeting.slot }) {
            breaches.append("\(name) meet in slot \(meeting.slot), which does not exist.")
        }
        for id in [meeting.buyer, meeting.supplier] {
            if wishes.people[id]?.available?.contains(meeting.slot) == false {
                breaches.append("\(id) has no time in slot \(meeting.slot).")
            }
            if !busy.insert([id, meeting.slot]).inserted {
                breaches.append("\(id) has two meetings in slot \(meeting.slot).")
            }
            count[id, default: 0] += 1
            if let limit = wishes.people[id]?.limit, let own = count[id], own - 1 == limit {
                breaches.append("\(id) has more than \(limit) meetings.")
            }
        }
        tables[meeting.slot, default: []].append(meeting.table)
    }

    mutating func checkSlots() {
        for slot in input.slots.sorted(by: { $0.id.canonicallyPrecedes($1.id) }) {
            let numbers = (tables[slot.id] ?? []).sorted()
            for (one, next) in zip(numbers, numbers.dropFirst()) where one == next {
                breaches.append("Table \(one) has two meetings in slot \(slot.id).")
            }
            if let first = numbers.first, first < 1 { breaches.append("Slot \(slot.id) has no table \(first).") }
            if let limit = slot.tables ?? input.tables, let last = numbers.last, last > limit {
                breaches.append("Slot \(slot.id) has no table \(last).")
            }
        }
    }
}

/// The wishes as the checker reads them.
private struct CheckedWishes {
    private let input: MeetingsInput
    private(set) var people: [String: (limit: Int?, available: Set<String>?)] = [:]
    /// By buyer and supplier: pairs that may meet.
    private(set) var pairs: [[String]: (points: Int, isMutual: Bool)] = [:]
    /// Everybody who is in a pair.
    private(set) var wanted = Set<String>()

    init(_ input: MeetingsInput) {
        self.input = input
        for person in input.buyers + input.suppliers {
            people[person.id] = (person.limit, person.available.map { Set($0) })
        }
        for (side, isBuyer) in [(input.buyers, true), (input.suppliers, false)] {
            for person in side {
                var better = 0
                for group in person.ranking {
                    for id in group {
                        let pair = isBuyer ? [person.id, id] : [id, person.id]
                        let before = pairs[pair]
                        let points = better < 50 ? 100 - better : 50
                        pairs[pair] = ((before?.points ?? 0) + points, before != nil)
                    }
                    better += group.count
                }
            }
        }
        for buyer in input.buyers { for id in buyer.refuses { pairs[[buyer.id, id]] = nil } }
        for supplier in input.suppliers { for id in supplier.refuses { pairs[[id, supplier.id]] = nil } }
        wanted = Set(pairs.keys.joined())
    }

    /// Σ price of each person × the meetings they can have, + price of a table × all tables, + Σ what a pair is worth
    /// beyond its prices.
    func bound(_ prices: MeetingPrices) -> Int {
        var total = 0
        for (id, person) in people {
            let slots = person.available?.count ?? input.slots.count
            total += Self.counted(prices.people[id]) * min(person.limit ?? slots, slots)
        }
        let smallerSide = min(input.buyers.count, input.suppliers.count)
        let tables = input.slots.reduce(0) { $0 + min($1.tables ?? input.tables ?? smallerSide, smallerSide) }
        let table = Self.counted(prices.table)
        total += table * tables
        for (pair, value) in pairs where meetInTime(pair) {
            let price = pair.reduce(table) { $0 + Self.counted(prices.people[$1]) }
            total += max(0, value.points - price)
        }
        return total
    }

    /// A price as far as it matters: no pair is worth more than 200, so that a higher one would only raise the bound.
    private static func counted(_ price: Int?) -> Int { min(max(0, price ?? 0), 200) }

    /// Whether there is a slot in which both have time.
    private func meetInTime(_ pair: [String]) -> Bool {
        let all = Set(input.slots.map(\.id))
        let times = pair.map { people[$0]?.available ?? all }
        return !times[0].isDisjoint(with: times[1])
    }
}
