/// Who meets whom, when and where, with what an independent checker found.
public struct MeetingSchedule: Hashable, Sendable {
    /// In the order of slots, then of tables.
    public let meetings: [Meeting]
    /// The proof of the bound.
    public let prices: MeetingPrices
    public let check: MeetingsCheck

    public struct Meeting: Hashable, Sendable {
        public let buyer: String
        public let supplier: String
        public let slot: String
        /// 1 for the first. Where the number of tables is not limited, any number.
        public let table: Int

        public init(buyer: String, supplier: String, slot: String, table: Int) {
            self.buyer = buyer
            self.supplier = supplier
            self.slot = slot
            self.table = table
        }

        /// 32 hexadecimal digits that are the same for the same two people at an event, whatever slot they get.
        public func identity(at title: String) -> String {
            String(sha256(Array([title, buyer, supplier].map { "\($0.utf8.count):\($0)" }.joined().utf8)).prefix(32))
        }
    }
}

/// Prices that prove how many points no schedule exceeds: each meeting's points are covered by what its two people and
/// its table cost, and by its own excess; nobody has more meetings than their limit and slots. This holds for any
/// prices; those of the solver make the sum small.
public struct MeetingPrices: Hashable, Sendable {
    /// By the id of a buyer or supplier; nought for those left out.
    public var people: [String: Int]
    /// For each meeting, as the tables of all slots together are limited.
    public var table: Int

    public init(people: [String: Int] = [:], table: Int = 0) {
        self.people = people
        self.table = table
    }

    init(_ meetings: Meetings, _ solved: HeaviestPairs) {
        table = Int(solved.gain)
        people = [:]
        for (id, price) in zip(meetings.buyerIDs, solved.buyerPrice) where price > solved.gain {
            people[id] = Int(price - solved.gain)
        }
        for (id, price) in zip(meetings.supplierIDs, solved.supplierPrice) where price > 0 {
            people[id] = Int(price)
        }
    }
}
