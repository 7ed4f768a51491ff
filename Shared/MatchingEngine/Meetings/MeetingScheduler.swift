/// Schedules meetings in four steps: the pairs worth most without regard to the slots, whose points no schedule
/// exceeds; a slot for each; no more than the tables allow; and where that cost something, improvement until neither
/// another meeting nor a better choice within one slot is to be had.
struct MeetingScheduler {
    private(set) var times: MeetingTimes
    let relaxed: HeaviestPairs
    private let meetings: Meetings

    /// Rounds of improvement; each is worth something or is the last.
    static let rounds = 8

    init(_ meetings: Meetings) {
        self.meetings = meetings
        var relaxed = HeaviestPairs(meetings.pairs, room: meetings.room, atMost: meetings.tables.reduce(0, +))
        relaxed.solve()
        self.relaxed = relaxed
        times = MeetingTimes(meetings)
    }

    mutating func run() {
        let chosen = relaxed.isTaken.indices.filter { relaxed.isTaken[$0] }
        let bound = chosen.reduce(0) { $0 + Int(meetings.pairs.points[$1]) }
        let freedom = chosen.map(commonSlots)
        for index in chosen.indices.sorted(by: { (freedom[$0], chosen[$0]) < (freedom[$1], chosen[$1]) }) {
            _ = times.insert(chosen[index], withinTables: false)
        }
        times.keepToTables()
        for _ in 0..<Self.rounds where times.points < bound {
            let before = times.points
            fill()
            for slot in scarcestFirst { improve(slot) }
            if times.points == before { break }
        }
        fill()
    }

    private func commonSlots(_ pair: Int) -> Int {
        let (buyer, supplier) = times.people(pair)
        return (0..<times.slots).count {
            meetings.hasTime[buyer * times.slots + $0] && meetings.hasTime[supplier * times.slots + $0]
        }
    }

    /// Slots in which the fewest people have time come first.
    private var scarcestFirst: [Int] {
        let present = (0..<times.slots).map { slot in
            (meetings.room.indices.count { meetings.hasTime[$0 * times.slots + slot] }, slot)
        }
        return present.sorted { $0 < $1 }.map(\.1)
    }

    /// Adds meetings where both still have room, the best first.
    private mutating func fill() {
        let open = times.slot.indices.filter { times.slot[$0] < 0 && times.haveRoom($0) }
        for pair in open.sorted(by: { (-meetings.pairs.points[$0], $0) < (-meetings.pairs.points[$1], $1) })
        where times.haveRoom(pair) {
            _ = times.insert(pair, withinTables: true)
        }
    }

    /// The best choice within one slot, while the others stay as they are.
    private mutating func improve(_ slot: Int) {
        let present = times.slot.indices.filter { times.slot[$0] == slot }
        var room = [Int32](repeating: 0, count: meetings.room.count)
        for person in room.indices where meetings.hasTime[person * times.slots + slot] {
            let here: Int32 = times.meeting[person * times.slots + slot] >= 0 ? 1 : 0
            room[person] = times.count[person] - here < meetings.room[person] ? 1 : 0
        }
        var graph = PairGraph(buyers: meetings.pairs.buyers, suppliers: meetings.pairs.suppliers)
        var original: [Int] = []
        for buyer in 0..<graph.buyers where room[buyer] > 0 {
            for pair in meetings.pairs.pairs(of: buyer) where times.slot[pair] < 0 || times.slot[pair] == Int32(slot) {
                let supplier = Int(meetings.pairs.supplier[pair])
                guard room[graph.buyers + supplier] > 0 else { continue }
                graph.append(buyer: buyer, supplier: supplier, points: Int(meetings.pairs.points[pair]))
                original.append(pair)
            }
        }
        graph.endRows(before: graph.buyers)
        var best = HeaviestPairs(graph, room: room, atMost: meetings.tables[slot])
        best.solve()
        let chosen = original.indices.filter { best.isTaken[$0] }.map { original[$0] }
        func points(_ pairs: [Int]) -> Int { pairs.reduce(0) { $0 + Int(meetings.pairs.points[$1]) } }
        guard points(chosen) > points(present) else { return }
        for pair in present { times.clear(pair) }
        for pair in chosen { times.set(pair, slot) }
    }
}

extension Meetings {
    /// Schedules, and has the schedule checked. Deterministic: the same wishes, in whatever order they are written,
    /// give the same schedule.
    public func schedule() -> MeetingSchedule {
        var scheduler = MeetingScheduler(self)
        scheduler.run()
        let times = scheduler.times
        let tables = TablePlan(times).table
        let placed = times.slot.indices.filter { times.slot[$0] >= 0 }.sorted {
            (times.slot[$0], tables[$0]) < (times.slot[$1], tables[$1])
        }
        let list = placed.map { pair in
            MeetingSchedule.Meeting(
                buyer: buyerIDs[Int(pairs.buyer[pair])],
                supplier: supplierIDs[Int(pairs.supplier[pair])],
                slot: slotIDs[Int(times.slot[pair])],
                table: tables[pair] + 1
            )
        }
        let prices = MeetingPrices(self, scheduler.relaxed)
        return MeetingSchedule(meetings: list, prices: prices, check: MeetingsCheck(input, list, prices: prices))
    }
}

/// Which table each meeting has: suppliers stay where they are as far as that goes.
struct TablePlan {
    /// By pair, from 0; -1 for those that don't meet.
    private(set) var table: [Int]

    init(_ times: MeetingTimes) {
        let pairs = times.meetings.pairs
        table = Array(repeating: -1, count: pairs.count)
        var last = [Int](repeating: -1, count: pairs.suppliers)
        for slot in 0..<times.slots {
            var isTaken = [Bool](repeating: false, count: times.meetings.tables[slot])
            var homeless: [Int] = []
            let meeting = (0..<pairs.suppliers).compactMap { supplier -> Int? in
                let pair = times.meeting[(pairs.buyers + supplier) * times.slots + slot]
                return pair < 0 ? nil : Int(pair)
            }
            for pair in meeting {
                let home = last[Int(pairs.supplier[pair])]
                if isTaken.indices.contains(home), !isTaken[home] {
                    isTaken[home] = true
                    table[pair] = home
                } else {
                    homeless.append(pair)
                }
            }
            var free = 0
            for pair in homeless {
                while isTaken[free] { free += 1 }
                isTaken[free] = true
                table[pair] = free
                last[Int(pairs.supplier[pair])] = free
            }
        }
    }
}
