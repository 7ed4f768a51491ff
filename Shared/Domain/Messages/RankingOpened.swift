public import Foundation

/// Both sides of a cohort may rank. Each applicant is told by `RankingInvited`.
public struct RankingOpened: Message {
    public static let type = "ranking.opened.v1"
    public static let topic = Topic.matchmaking
    public var key: String { cohortID.description }

    public let cohortID: CohortID
    public let deadline: Date

    public init(cohortID: CohortID, deadline: Date) {
        self.cohortID = cohortID
        self.deadline = deadline
    }
}
