public import Foundation

/// One intake of a programme, and what may happen to it when.
public struct Cohort: Hashable, Sendable {
    public let id: CohortID
    public let slug: Slug
    public let title: LocalizedText
    /// Rankings may be changed up to and including this moment.
    public private(set) var rankingDeadline: Date
    /// The rules that are in force.
    public let rules: CohortRules
    /// Which version of the cohort's rules these are.
    public let rulesVersion: Int
    public private(set) var state: CohortState
    /// Rises with each change of the cohort and of what it holds, except rankings, which have versions of their own.
    public private(set) var version: Int
    /// Rises when somebody leaves, or a capacity changes: a tentative round of an older one can't be published.
    public private(set) var marketVersion: Int

    public init(
        id: CohortID,
        slug: Slug,
        title: LocalizedText,
        rankingDeadline: Date,
        rules: CohortRules,
        rulesVersion: Int = 1,
        state: CohortState = .draft,
        version: Int = 1,
        marketVersion: Int = 1
    ) {
        self.id = id
        self.slug = slug
        self.title = title
        self.rankingDeadline = rankingDeadline
        self.rules = rules
        self.rulesVersion = rulesVersion
        self.state = state
        self.version = version
        self.marketVersion = marketVersion
    }

    /// How many firms an applicant may rank.
    public var maximumChoices: Int { rules.lists.applicants.maximum }
    public var answers: AnswerRules { AnswerRules(days: rules.answerDays, refill: rules.refill) }

    /// Whether rankings may be changed at `now`.
    public func isRanking(at now: Date) -> Bool { state == .ranking && now <= rankingDeadline }

    /// Throws unless rankings may be changed at `now`.
    public func checkRanking(at now: Date) throws(CohortRefusal) {
        switch state {
        case .draft, .open: throw .rankingNotOpen
        case .ranking: guard now <= rankingDeadline else { throw .rankingClosed }
        case .locked, .run, .published: throw .locked
        case .closed: throw .closed
        }
    }

    /// Throws where members are told nothing: of a draft, and after the end.
    public func checkTelling() throws(CohortRefusal) {
        switch state {
        case .draft: throw .wrongStep
        case .open, .ranking, .locked, .run, .published: return
        case .closed: throw .closed
        }
    }

    /// Universities or firms join.
    public mutating func extend() throws(CohortRefusal) {
        guard state != .closed else { throw .closed }
        guard state.isJoining else { throw .locked }
        version += 1
    }

    /// Whether applicants may join at `now`.
    public func mayNominate(at now: Date) -> Bool { state.isJoining && now <= rankingDeadline }

    /// Applicants join, with time left to rank.
    public mutating func nominate(at now: Date) throws(CohortRefusal) {
        guard now <= rankingDeadline || !state.isJoining else { throw .rankingClosed }
        try extend()
    }

    /// Somebody leaves, or a firm has another number of places.
    public mutating func changeMarket() throws(CohortRefusal) {
        guard state != .closed else { throw .closed }
        marketVersion += 1
        version += 1
    }

    /// Somebody else is written to on behalf of a member.
    public mutating func changeContact() throws(CohortRefusal) {
        try checkTelling()
        version += 1
    }

    /// Other rules are to come into force.
    public mutating func changeRules() throws(CohortRefusal) {
        guard state != .closed else { throw .closed }
        version += 1
    }

    /// Another deadline holds for rankings, which may so be opened again until they are locked.
    public mutating func moveDeadline(to deadline: Date) throws(CohortRefusal) {
        try extend()
        rankingDeadline = deadline
    }

    /// Moves on to `state`.
    mutating func advance(to state: CohortState) {
        self.state = state
        version += 1
    }
}
