public import Foundation

/// One intake of a programme, and the rules of what may happen to it when.
public struct Cohort: Hashable, Sendable {
    public let id: CohortID
    public let slug: Slug
    public let title: LocalizedText
    /// Rankings may be changed up to and including this moment.
    public let rankingDeadline: Date
    /// How many firms an applicant may rank.
    public let maximumChoices: Int
    public let answers: AnswerRules
    public private(set) var state: CohortState
    /// Rises with each change of the cohort and of what it holds, except rankings, which have versions of their own.
    public private(set) var version: Int

    public init(
        id: CohortID,
        slug: Slug,
        title: LocalizedText,
        rankingDeadline: Date,
        maximumChoices: Int,
        answers: AnswerRules = AnswerRules(),
        state: CohortState = .open,
        version: Int = 1
    ) {
        self.id = id
        self.slug = slug
        self.title = title
        self.rankingDeadline = rankingDeadline
        self.maximumChoices = maximumChoices
        self.answers = answers
        self.state = state
        self.version = version
    }

    /// Whether rankings may be changed at `now`.
    public func isRanking(at now: Date) -> Bool { state == .open && now <= rankingDeadline }

    /// Throws unless rankings may be changed at `now`.
    public func checkRanking(at now: Date) throws(CohortRefusal) {
        guard state == .open else { throw .locked }
        guard now <= rankingDeadline else { throw .rankingClosed }
    }

    /// Universities or firms join.
    public mutating func extend() throws(CohortRefusal) {
        guard state == .open else { throw .locked }
        version += 1
    }

    /// Applicants join, with time left to rank.
    public mutating func nominate(at now: Date) throws(CohortRefusal) {
        try checkRanking(at: now)
        version += 1
    }

    /// Moves on to `state`.
    mutating func advance(to state: CohortState) {
        self.state = state
        version += 1
    }
}
