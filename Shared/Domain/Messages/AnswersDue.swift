public import Foundation

/// The time has come by which offers of a cohort had to be answered. A timer of Matchmaking's own.
public struct AnswersDue: Message {
    public static let type = "placement.answers-due.v1"
    public static let topic = Topic.matchmaking
    public var key: String { cohortID.description }

    public let cohortID: CohortID
    public let deadline: Date

    public init(cohortID: CohortID, deadline: Date) {
        self.cohortID = cohortID
        self.deadline = deadline
    }
}
