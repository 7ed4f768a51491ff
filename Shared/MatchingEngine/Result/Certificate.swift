/// What an independent checker found when it looked at a matching. It shares no code with the solver.
public struct Certificate: Hashable, Sendable {
    /// Identifies input, rules and engine: the same id means the same result.
    public let runID: String
    /// SHA-256 of the market in canonical form.
    public let inputHash: String
    /// SHA-256 of the seed, as it can be published before lists close.
    public let seedHash: String
    public let notion: Notion
    public internal(set) var verdict: Verdict
    /// Seats over capacity, places that were not listed by both sides and other breaches; empty if all is in order.
    public let breaches: [String]
    public let blocking: [BlockingPair]
    /// One for each firm, or position where firms have them.
    public let cutoffs: [Cutoff]
    /// In every matching at least so many pairs block, by proof; only where none is what was asked for.
    public internal(set) var leastBlocking: Int?
    /// Firms with a minimum that take nobody, where the goal is to close some.
    public internal(set) var closed: [String] = []
    /// No fewer firms could be closed, by proof.
    public internal(set) var isClosingLeast = false
    /// How many keep what they had, where the rules name an earlier result.
    public internal(set) var kept: Kept?
    /// What was proved of the size, where the goal is to place as many as possible.
    public internal(set) var bound: Bound?

    public enum Notion: String, Hashable, Sendable {
        case weak, strong, `super`
        /// Couples: a firm takes newcomers only if they are chosen from its members plus the newcomers.
        case kpr
        case team
        /// Caps and reserves: the firm's choice function decides.
        case choice
        /// Regional maxima, after Kamada and Kojima.
        case regional
        case envyFree = "envy-free"
    }

    public enum Verdict: String, Hashable, Sendable {
        /// The matching is what was asked for.
        case holds
        /// No such matching exists, by proof; the matching given is the least bad one.
        case noneExists = "none-exists"
        /// The matching is not what was asked for, and whether one exists is open.
        case open
    }

    public struct Kept: Hashable, Sendable {
        public let count: Int
        /// In no stable matching do more keep what they had.
        public let atMost: Int
        public var proved: Bool { count == atMost }

        public init(count: Int, atMost: Int) {
            self.count = count
            self.atMost = atMost
        }
    }

    public struct Bound: Hashable, Sendable {
        public let placed: Int
        public let atMost: Int
        public var proved: Bool { placed == atMost }
    }
}

/// An applicant and a firm who would both rather have each other.
public struct BlockingPair: Hashable, Sendable {
    /// For couples, the couple's id.
    public let applicant: String
    /// For couples, the places of both with a comma between.
    public let position: String

    public init(applicant: String, position: String) {
        self.applicant = applicant
        self.position = position
    }
}

/// How far a firm, or a position, went down its list.
public struct Cutoff: Hashable, Sendable {
    public let position: String
    public let capacity: Int
    public let filled: Int
    /// The rank of the last admitted on the firm's list; `nil` if nobody was.
    public let lastRank: Int?
    /// The largest lottery number admitted at that rank.
    public let lastLottery: LotteryNumber?
}
