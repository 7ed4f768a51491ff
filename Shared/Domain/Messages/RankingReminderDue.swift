public import Foundation

/// The time has come to remind those of a cohort who still have to act. A timer of Matchmaking's own.
public struct RankingReminderDue: Message {
    public static let type = "ranking.reminder.due.v1"
    public static let topic = Topic.matchmaking
    public var key: String { cohortID.description }

    public let cohortID: CohortID
    /// The deadline for rankings when the timer was set.
    public let deadline: Date
    /// How many days before it.
    public let days: Int

    public init(cohortID: CohortID, deadline: Date, days: Int) {
        self.cohortID = cohortID
        self.deadline = deadline
        self.days = days
    }
}
