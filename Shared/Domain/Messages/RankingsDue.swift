public import Foundation

/// The deadline for a cohort's rankings has passed. A timer of Matchmaking's own.
public struct RankingsDue: Message {
    public static let type = "ranking.due.v1"
    public static let topic = Topic.matchmaking
    public var key: String { cohortID.description }

    public let cohortID: CohortID
    public let deadline: Date

    public init(cohortID: CohortID, deadline: Date) {
        self.cohortID = cohortID
        self.deadline = deadline
    }
}
