import MatchingEngine

/// Small markets of buyers and suppliers, and the best schedule found by trying all. Written from the definitions.
struct RandomMeetings {
    var people = 1...3
    var slots = 1...3
    /// In a hundred: how likely somebody asks for somebody.
    var density = 60
    /// In a hundred: how likely somebody has time in a slot.
    var presence = 100
    var tables: ClosedRange<Int>?
    var areTablesUneven = false

    func callAsFunction(_ seed: Int) -> MeetingsInput {
        var random = SeededGenerator(seed)
        let slots = (0..<Int.random(in: slots, using: &random)).map { "t\($0)" }
        let buyers = (0..<Int.random(in: people, using: &random)).map { "b\($0)" }
        let suppliers = (0..<Int.random(in: people, using: &random)).map { "s\($0)" }
        func side(_ own: [String], _ others: [String]) -> [MeetingsInput.Person] {
            own.map { id in
                let ranking = RandomMarket(ties: true, tieChance: 20, density: density).ranking(others, &random)
                let rest = others.filter { !ranking.joined().contains($0) }
                return MeetingsInput.Person(
                    id: id,
                    ranking: ranking,
                    refuses: rest.filter { _ in Int.random(in: 0..<4, using: &random) == 0 },
                    limit: Bool.random(using: &random) ? Int.random(in: 0...slots.count, using: &random) : nil,
                    available: presence == 100
                        ? nil : slots.filter { _ in Int.random(in: 0..<100, using: &random) < presence }
                )
            }
        }
        return MeetingsInput(
            tables: tables.map { Int.random(in: $0, using: &random) },
            slots: slots.map { id in
                let uneven = areTablesUneven ? Int.random(in: 0...2, using: &random) : nil
                return MeetingsInput.Slot(id: id, tables: uneven)
            },
            buyers: side(buyers, suppliers),
            suppliers: side(suppliers, buyers)
        )
    }
}

struct MeetingsBruteForce {
    let input: MeetingsInput

    /// What a pair is worth; `nil` if it may not meet.
    func points(_ buyer: MeetingsInput.Person, _ supplier: MeetingsInput.Person) -> Int? {
        if buyer.refuses.contains(supplier.id) || supplier.refuses.contains(buyer.id) { return nil }
        func given(_ person: MeetingsInput.Person, _ other: String) -> Int? {
            guard let tier = person.ranking.firstIndex(where: { $0.contains(other) }) else { return nil }
            return max(50, 100 - person.ranking[..<tier].joined().count)
        }
        let both = [given(buyer, supplier.id), given(supplier, buyer.id)].compactMap { $0 }
        return both.isEmpty ? nil : both.reduce(0, +)
    }

    /// The most points of any schedule.
    func best() -> Int {
        var pairs: [(buyer: MeetingsInput.Person, supplier: MeetingsInput.Person, points: Int)] = []
        for buyer in input.buyers {
            for supplier in input.suppliers {
                if let points = points(buyer, supplier) { pairs.append((buyer, supplier, points)) }
            }
        }
        var best = 0
        var count: [String: Int] = [:]
        var busy = Set<[String]>()
        var used: [String: Int] = [:]
        func extend(_ index: Int, _ total: Int) {
            best = max(best, total)
            guard index < pairs.count else { return }
            extend(index + 1, total)
            let pair = pairs[index]
            let two = [pair.buyer, pair.supplier]
            guard two.allSatisfy({ count[$0.id, default: 0] < $0.limit ?? .max }) else { return }
            for slot in input.slots where used[slot.id, default: 0] < slot.tables ?? input.tables ?? .max {
                let isFree = two.allSatisfy {
                    $0.available?.contains(slot.id) != false && !busy.contains([$0.id, slot.id])
                }
                guard isFree else { continue }
                for person in two {
                    count[person.id, default: 0] += 1
                    busy.insert([person.id, slot.id])
                }
                used[slot.id, default: 0] += 1
                extend(index + 1, total + pair.points)
                for person in two {
                    count[person.id, default: 0] -= 1
                    busy.remove([person.id, slot.id])
                }
                used[slot.id, default: 0] -= 1
            }
        }
        extend(0, 0)
        return best
    }

    /// The rules again, from a schedule alone.
    func isAllowed(_ meetings: [MeetingSchedule.Meeting]) -> Bool {
        let people = Dictionary(uniqueKeysWithValues: (input.buyers + input.suppliers).map { ($0.id, $0) })
        let slots = Dictionary(uniqueKeysWithValues: input.slots.map { ($0.id, $0) })
        for meeting in meetings {
            guard let buyer = people[meeting.buyer], let supplier = people[meeting.supplier],
                slots[meeting.slot] != nil,
                points(buyer, supplier) != nil
            else { return false }
            for person in [buyer, supplier] where person.available?.contains(meeting.slot) == false { return false }
        }
        for person in people.values {
            let own = meetings.filter { $0.buyer == person.id || $0.supplier == person.id }
            if own.count > person.limit ?? .max || Set(own.map(\.slot)).count < own.count { return false }
        }
        for slot in input.slots {
            let tables = meetings.filter { $0.slot == slot.id }.map(\.table)
            if Set(tables).count < tables.count || tables.contains(where: { $0 < 1 }) { return false }
            if let most = slot.tables ?? input.tables, tables.contains(where: { $0 > most }) { return false }
        }
        return Set(meetings.map { [$0.buyer, $0.supplier] }).count == meetings.count
    }
}
