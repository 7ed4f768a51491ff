/// Wishes to meet in numbers: people and slots in canonical order, the pairs that may meet with their points.
public struct Meetings: Sendable {
    public let input: MeetingsInput
    public let buyerIDs: [String]
    public let supplierIDs: [String]
    /// In the order of time, those without a time last.
    public let slotIDs: [String]

    let pairs: PairGraph
    /// How many meetings each can have: the limit, and the slots in which they have time. Buyers first.
    let room: [Int32]
    /// By person and slot. Buyers first.
    let hasTime: [Bool]
    /// By slot; no more than the smaller side.
    let tables: [Int]

    /// Checks `input` and numbers it.
    public init(_ input: MeetingsInput) throws(InvalidMarket) {
        let faults = input.faults()
        guard faults.isEmpty else { throw InvalidMarket(faults: faults) }
        self.input = input
        let slots = input.slots.sorted {
            guard $0.start == $1.start else { return ($0.start ?? .max) < ($1.start ?? .max) }
            return $0.id.canonicallyPrecedes($1.id)
        }
        slotIDs = slots.map(\.id)
        let buyers = input.buyers.sorted { $0.id.canonicallyPrecedes($1.id) }
        let suppliers = input.suppliers.sorted { $0.id.canonicallyPrecedes($1.id) }
        buyerIDs = buyers.map(\.id)
        supplierIDs = suppliers.map(\.id)
        let most = min(buyers.count, suppliers.count)
        tables = slots.map { min($0.tables ?? input.tables ?? most, most) }
        let slotNumber = Dictionary(uniqueKeysWithValues: slotIDs.enumerated().map { ($1, $0) })
        var hasTime: [Bool] = []
        var room: [Int32] = []
        for person in buyers + suppliers {
            var row = [Bool](repeating: person.available == nil, count: slots.count)
            for slot in person.available ?? [] { if let number = slotNumber[slot] { row[number] = true } }
            hasTime += row
            let free = row.count { $0 }
            room.append(Int32(min(person.limit ?? free, free)))
        }
        self.hasTime = hasTime
        self.room = room
        pairs = PairGraph(buyers: buyers, suppliers: suppliers) { buyer, supplier in
            let (one, other) = (buyer * slots.count, (buyers.count + supplier) * slots.count)
            return slots.indices.contains { hasTime[one + $0] && hasTime[other + $0] }
        }
    }
}

/// Pairs of a buyer and a supplier with what each pair is worth, in rows by buyer.
struct PairGraph: Sendable {
    let buyers: Int
    let suppliers: Int
    private(set) var buyer: [Int32] = []
    private(set) var supplier: [Int32] = []
    private(set) var points: [Int32] = []
    /// The pairs of buyer `b` are `start[b]..<start[b + 1]`.
    private(set) var start: [Int32] = [0]

    init(buyers: Int, suppliers: Int) {
        self.buyers = buyers
        self.suppliers = suppliers
        start.reserveCapacity(buyers + 1)
    }

    var count: Int { points.count }

    func pairs(of buyer: Int) -> Range<Int> { Int(start[buyer])..<Int(start[buyer + 1]) }

    /// Buyers must come in order.
    mutating func append(buyer: Int, supplier: Int, points: Int) {
        endRows(before: buyer)
        self.buyer.append(Int32(buyer))
        self.supplier.append(Int32(supplier))
        self.points.append(Int32(points))
    }

    /// To be called once after the last pair, with the number of buyers.
    mutating func endRows(before buyer: Int) {
        while start.count <= buyer { start.append(Int32(points.count)) }
    }

    /// Pairs of whom one asked, nobody refused, and `canMeet` holds.
    init(
        buyers: [MeetingsInput.Person],
        suppliers: [MeetingsInput.Person],
        canMeet: (_ buyer: Int, _ supplier: Int) -> Bool
    ) {
        self.init(buyers: buyers.count, suppliers: suppliers.count)
        let numbers = Dictionary(uniqueKeysWithValues: suppliers.enumerated().map { ($1.id, $0) })
        var asked = [[Int: Int]](repeating: [:], count: buyers.count)
        let buyerNumbers = Dictionary(uniqueKeysWithValues: buyers.enumerated().map { ($1.id, $0) })
        for (supplier, person) in suppliers.enumerated() {
            person.forEachWish { id, points in
                if let buyer = buyerNumbers[id] { asked[buyer][supplier, default: 0] += points }
            }
        }
        for (buyer, person) in buyers.enumerated() {
            person.forEachWish { id, points in
                if let supplier = numbers[id] { asked[buyer][supplier, default: 0] += points }
            }
            for id in person.refuses { if let supplier = numbers[id] { asked[buyer][supplier] = nil } }
        }
        for (supplier, person) in suppliers.enumerated() {
            for id in person.refuses { if let buyer = buyerNumbers[id] { asked[buyer][supplier] = nil } }
        }
        for (buyer, row) in asked.enumerated() {
            for (supplier, points) in row.sorted(by: { $0.key < $1.key }) where canMeet(buyer, supplier) {
                append(buyer: buyer, supplier: supplier, points: points)
            }
        }
        endRows(before: buyers.count)
    }
}

extension MeetingsInput.Person {
    fileprivate func forEachWish(_ body: (_ id: String, _ points: Int) -> Void) {
        var rank = 1
        for group in ranking {
            for id in group { body(id, WishPoints.points(rank: rank)) }
            rank += group.count
        }
    }
}
