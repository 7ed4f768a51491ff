extension MarketInput {
    /// Who offers places.
    public struct Firm: Hashable, Sendable {
        public var id: String
        public var capacity: Int
        /// How many places have to be filled at least.
        public var minimum: Int
        /// Applicants, teams and members of couples, best first. The members of one group are tied.
        public var ranking: [[String]]
        public var caps: [Cap]
        public var reserves: [Reserve]
        /// Where a firm has positions, applicants rank these and the firm ranks applicants.
        public var positions: [Position]

        public init(
            id: String,
            capacity: Int,
            minimum: Int = 0,
            ranking: [[String]],
            caps: [Cap] = [],
            reserves: [Reserve] = [],
            positions: [Position] = []
        ) {
            self.id = id
            self.capacity = capacity
            self.minimum = minimum
            self.ranking = ranking
            self.caps = caps
            self.reserves = reserves
            self.positions = positions
        }
    }

    /// One of the positions that a firm fills.
    public struct Position: Hashable, Sendable {
        public var id: String
        public var capacity: Int
        public var minimum: Int

        public init(id: String, capacity: Int, minimum: Int = 0) {
            self.id = id
            self.capacity = capacity
            self.minimum = minimum
        }
    }

    /// At most so many of one category.
    public struct Cap: Hashable, Sendable {
        public var category: String
        public var maximum: Int

        public init(category: String, maximum: Int) {
            self.category = category
            self.maximum = maximum
        }
    }

    /// Seats that one category has first call on; others may take them while it does not.
    public struct Reserve: Hashable, Sendable {
        public var category: String
        public var seats: Int

        public init(category: String, seats: Int) {
            self.category = category
            self.seats = seats
        }
    }

    /// Firms that may take at most so many together.
    public struct Region: Hashable, Sendable {
        public var id: String
        public var firms: [String]
        public var maximum: Int
        /// How many each firm may take before the rest of the region's maximum is shared out.
        public var targets: [String: Int]
        /// In what order firms take what is left of the maximum, one seat a turn.
        public var order: [String]

        public init(id: String, firms: [String], maximum: Int, targets: [String: Int] = [:], order: [String] = []) {
            self.id = id
            self.firms = firms
            self.maximum = maximum
            self.targets = targets
            self.order = order
        }
    }
}
