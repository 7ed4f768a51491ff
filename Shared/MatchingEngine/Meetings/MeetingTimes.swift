/// A slot for each pair: everybody has at most one meeting in a slot, and only where they have time. Where a pair has
/// no slot that both have left, two slots change places along a chain of meetings (Kempe), as in the colouring of a
/// bipartite graph's edges.
struct MeetingTimes {
    let meetings: Meetings
    let slots: Int
    /// By pair: its slot, -1 without.
    private(set) var slot: [Int32]
    /// By person and slot: the pair that meets, -1 while free. Buyers first.
    private(set) var meeting: [Int32]
    /// By slot: how many meetings.
    private(set) var used: [Int]
    /// By person.
    private(set) var count: [Int32]

    init(_ meetings: Meetings) {
        self.meetings = meetings
        slots = meetings.slotIDs.count
        slot = Array(repeating: -1, count: meetings.pairs.count)
        meeting = Array(repeating: -1, count: meetings.room.count * slots)
        used = Array(repeating: 0, count: slots)
        count = Array(repeating: 0, count: meetings.room.count)
    }

    func people(_ pair: Int) -> (Int, Int) {
        (Int(meetings.pairs.buyer[pair]), meetings.pairs.buyers + Int(meetings.pairs.supplier[pair]))
    }

    var points: Int { slot.indices.reduce(0) { $0 + (slot[$1] >= 0 ? Int(meetings.pairs.points[$1]) : 0) } }

    func isFree(_ person: Int, _ slot: Int) -> Bool {
        meetings.hasTime[person * slots + slot] && meeting[person * slots + slot] < 0
    }

    /// Whether both may have a meeting more.
    func haveRoom(_ pair: Int) -> Bool {
        let (buyer, supplier) = people(pair)
        return count[buyer] < meetings.room[buyer] && count[supplier] < meetings.room[supplier]
    }

    mutating func set(_ pair: Int, _ place: Int) {
        let (buyer, supplier) = people(pair)
        slot[pair] = Int32(place)
        for person in [buyer, supplier] {
            meeting[person * slots + place] = Int32(pair)
            count[person] += 1
        }
        used[place] += 1
    }

    mutating func clear(_ pair: Int) {
        let (buyer, supplier) = people(pair)
        let place = Int(slot[pair])
        slot[pair] = -1
        for person in [buyer, supplier] {
            meeting[person * slots + place] = -1
            count[person] -= 1
        }
        used[place] -= 1
    }

    /// Finds a slot for a pair; with `withinTables` no slot gets more meetings than tables by it.
    mutating func insert(_ pair: Int, withinTables: Bool) -> Bool {
        let (buyer, supplier) = people(pair)
        let common = (0..<slots).filter { isFree(buyer, $0) && isFree(supplier, $0) }
        if let best = common.max(by: { (spare($0), -$0) < (spare($1), -$1) }), !withinTables || spare(best) > 0 {
            set(pair, best)
            return true
        }
        for one in 0..<slots where isFree(buyer, one) {
            for other in 0..<slots where other != one && isFree(supplier, other) {
                guard let chain = chain(from: supplier, one, other) else { continue }
                // An odd chain takes one meeting from `one` to `other`; then the pair itself comes to `one`.
                if withinTables, spare(chain.count % 2 == 0 ? one : other) <= 0 { continue }
                swap(chain, one, other)
                set(pair, one)
                return true
            }
        }
        return false
    }

    private func spare(_ slot: Int) -> Int { meetings.tables[slot] - used[slot] }

    /// The meetings in `one` and `other` by turns, beginning with the person's in `one`; `nil` if who stands at the end
    /// has no time for the change.
    private func chain(from person: Int, _ one: Int, _ other: Int) -> [Int]? {
        var chain: [Int] = []
        var person = person
        var here = one
        while meeting[person * slots + here] >= 0 {
            let pair = Int(meeting[person * slots + here])
            chain.append(pair)
            let (buyer, supplier) = people(pair)
            person = person == buyer ? supplier : buyer
            here = here == one ? other : one
        }
        return meetings.hasTime[person * slots + here] ? chain : nil
    }

    private mutating func swap(_ chain: [Int], _ one: Int, _ other: Int) {
        let places = chain.map { Int(slot[$0]) }
        for pair in chain { clear(pair) }
        for (pair, place) in zip(chain, places) { set(pair, place == one ? other : one) }
    }

    /// Moves meetings out of slots that have more than tables, along chains; what can't be moved is given up, the one
    /// worth least first.
    mutating func keepToTables() {
        for crowded in 0..<slots {
            while spare(crowded) < 0, moveOne(from: crowded) {}
            while spare(crowded) < 0 {
                let inside = slot.indices.filter { slot[$0] == crowded }
                guard let least = inside.min(by: { meetings.pairs.points[$0] < meetings.pairs.points[$1] }) else {
                    break
                }
                clear(least)
            }
        }
    }

    private mutating func moveOne(from crowded: Int) -> Bool {
        let emptiest = (0..<slots).filter { spare($0) > 0 }.sorted { (-spare($0), $0) < (-spare($1), $1) }
        for target in emptiest {
            for person in count.indices where meeting[person * slots + crowded] >= 0 && isFree(person, target) {
                // Who begins the chain gets a meeting in `target`; so must who ends it.
                guard let chain = chain(from: person, crowded, target), chain.count % 2 == 1 else { continue }
                swap(chain, crowded, target)
                return true
            }
        }
        return false
    }
}
