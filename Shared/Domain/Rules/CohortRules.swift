/// What holds for a cohort: data that staff set, with a version for each change. What is left out has its usual value.
public struct CohortRules: Hashable, Sendable {
    public var eligibility = Eligibility()
    public var lists: Lists
    public var viewing = Viewing()
    /// The most that a firm may take of a group, such as one university.
    public var caps: [Cap] = []
    /// Places that a firm keeps for a group; others get them where the group does not need them.
    public var reserves: [Reserve] = []
    /// Places that a firm has to fill at least.
    public var minimums: [Minimum] = []
    /// Firms that may take at most so many together.
    public var regions: [Region] = []
    public var goal: Goal = .applicantsOptimal
    public var lottery: LotteryDraw = .once
    /// How many days applicants have to answer an offer, if the publication names no deadline of its own.
    public var answerDays = 14
    public var refill: AnswerRules.Refill = .approved
    /// How many may be published after the first round; `nil` for as many as are needed.
    public var supplementaryRounds: Int?
    /// Whether a ranking counts only if it is certified when rankings are locked.
    public var certification: Demand = .optional
    /// Whether a nominated student takes part only once the university has confirmed the enrolment.
    public var enrolment: Demand = .optional
    /// How many days before the deadline those are reminded who still have to act.
    public var reminderDays: [Int] = []
    /// Whether rankings are locked by themselves when the deadline has passed.
    public var locksAtDeadline = false
    /// What a place brings and what it obliges to.
    public var terms: Terms?

    public init(maximumChoices: Int) {
        lists = Lists(applicants: .init(maximum: maximumChoices))
    }
}

extension CohortRules {
    public enum Goal: String, Hashable, Sendable, Codable, CaseIterable {
        /// Of all stable results the one that is best for every applicant.
        case applicantsOptimal = "applicants-optimal"
        /// Of all stable results the one that is best for every firm.
        case firmsOptimal = "firms-optimal"
        /// Of all stable results one that places the most.
        case mostPlaced = "most-placed"
    }

    public enum LotteryDraw: String, Hashable, Sendable, Codable, CaseIterable {
        /// One draw for all rounds: a place that becomes free goes to whoever was next.
        case once
        case eachRound = "each-round"
    }

    public enum Demand: String, Hashable, Sendable, Codable, CaseIterable {
        case optional, required
    }
}

// Fields that are left out have their usual value, and fields that nobody knows are refused: a misspelt rule would be
// lost in silence otherwise.

extension CohortRules: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case eligibility, lists, viewing, caps, reserves, minimums, regions, goal, lottery, answerDays, refill
        case supplementaryRounds, certification, enrolment, reminderDays, locksAtDeadline, terms
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        lists = try fields.decode(Lists.self, forKey: .lists)
        try fields.read(&eligibility, .eligibility)
        try fields.read(&viewing, .viewing)
        try fields.read(&caps, .caps)
        try fields.read(&reserves, .reserves)
        try fields.read(&minimums, .minimums)
        try fields.read(&regions, .regions)
        try fields.read(&goal, .goal)
        try fields.read(&lottery, .lottery)
        try fields.read(&answerDays, .answerDays)
        try fields.read(&refill, .refill)
        supplementaryRounds = try fields.decodeIfPresent(Int.self, forKey: .supplementaryRounds)
        try fields.read(&certification, .certification)
        try fields.read(&enrolment, .enrolment)
        try fields.read(&reminderDays, .reminderDays)
        try fields.read(&locksAtDeadline, .locksAtDeadline)
        terms = try fields.decodeIfPresent(Terms.self, forKey: .terms)
    }
}
