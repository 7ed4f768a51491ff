/// A market as people write it: ids are text, and each ranking is a list of groups whose members are tied.
///
/// The order of the arrays carries no meaning, except inside a ranking: the same market in any order gives the same
/// result.
public struct MarketInput: Hashable, Sendable {
    public var applicants: [Applicant]
    public var teams: [Team]
    public var couples: [Couple]
    public var firms: [Firm]
    public var regions: [Region]

    public init(
        applicants: [Applicant] = [],
        teams: [Team] = [],
        couples: [Couple] = [],
        firms: [Firm] = [],
        regions: [Region] = []
    ) {
        self.applicants = applicants
        self.teams = teams
        self.couples = couples
        self.firms = firms
        self.regions = regions
    }
}

extension MarketInput {
    /// Someone who seeks one place.
    public struct Applicant: Hashable, Sendable {
        public var id: String
        /// Firms, or positions where firms have them, best first. The members of one group are tied.
        public var ranking: [[String]]
        /// What caps and reserves go by, such as a university or a nationality.
        public var categories: [String]

        public init(id: String, ranking: [[String]], categories: [String] = []) {
            self.id = id
            self.ranking = ranking
            self.categories = categories
        }
    }

    /// A group that goes to one firm as a whole, or to none.
    public struct Team: Hashable, Sendable {
        public var id: String
        public var members: [String]
        public var ranking: [[String]]
        /// How much of a firm's capacity the team takes.
        public var seats: Int

        public init(id: String, members: [String] = [], ranking: [[String]], seats: Int = 1) {
            self.id = id
            self.members = members
            self.ranking = ranking
            self.seats = seats
        }
    }

    /// Two applicants who rank pairs of places together.
    public struct Couple: Hashable, Sendable {
        public var id: String
        public var first: String
        public var second: String
        /// Pairs, best first. The pairs of one group are tied.
        public var ranking: [[Pair]]

        public init(id: String, first: String, second: String, ranking: [[Pair]]) {
            self.id = id
            self.first = first
            self.second = second
            self.ranking = ranking
        }
    }

    /// Where the two members of a couple would go; `nil` for without a place.
    public struct Pair: Hashable, Sendable {
        public var first: String?
        public var second: String?

        public init(_ first: String?, _ second: String?) {
            self.first = first
            self.second = second
        }
    }
}
