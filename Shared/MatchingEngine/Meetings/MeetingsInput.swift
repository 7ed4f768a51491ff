/// Buyers and suppliers who want to meet one to one, as people write it.
///
/// The order of the arrays carries no meaning, except inside a ranking: the same in any order gives the same schedule.
public struct MeetingsInput: Hashable, Sendable {
    /// The event's name, and where it is.
    public var title: String
    public var place: String
    /// Rises when the meetings are scheduled anew, so that calendars take over what has changed.
    public var revision: Int
    /// How many meetings can go on at once; `nil` for any number. A slot may say otherwise.
    public var tables: Int?
    public var slots: [Slot]
    public var buyers: [Person]
    public var suppliers: [Person]

    public init(
        title: String = "",
        place: String = "",
        revision: Int = 0,
        tables: Int? = nil,
        slots: [Slot] = [],
        buyers: [Person] = [],
        suppliers: [Person] = []
    ) {
        self.title = title
        self.place = place
        self.revision = revision
        self.tables = tables
        self.slots = slots
        self.buyers = buyers
        self.suppliers = suppliers
    }

    /// A time at which everybody can have one meeting.
    public struct Slot: Hashable, Sendable {
        public var id: String
        /// Seconds since 1970 in UTC; `nil` if the time is not settled yet.
        public var start: Int?
        public var minutes: Int
        public var tables: Int?

        public init(id: String, start: Int? = nil, minutes: Int = 20, tables: Int? = nil) {
            self.id = id
            self.start = start
            self.minutes = minutes
            self.tables = tables
        }

        public var end: Int? { start.map { $0 + minutes * 60 } }
    }

    /// A buyer or a supplier.
    public struct Person: Hashable, Sendable {
        public var id: String
        public var name: String
        /// Whom they want to meet, best first. The members of one group are as welcome.
        public var ranking: [[String]]
        /// Whom they will not meet, whoever asks.
        public var refuses: [String]
        /// How many meetings they take at most; `nil` for one in each slot.
        public var limit: Int?
        /// The slots in which they have time; `nil` for all.
        public var available: [String]?

        public init(
            id: String,
            name: String = "",
            ranking: [[String]] = [],
            refuses: [String] = [],
            limit: Int? = nil,
            available: [String]? = nil
        ) {
            self.id = id
            self.name = name
            self.ranking = ranking
            self.refuses = refuses
            self.limit = limit
            self.available = available
        }
    }
}

/// What a wish is worth: 100 points for the first, one less for each that is better, never below 50. A meeting counts
/// what both give to it, so that one which both want is worth at least as much as one which one of them wants.
enum WishPoints {
    static func points(rank: Int) -> Int { max(50, 101 - rank) }
}
