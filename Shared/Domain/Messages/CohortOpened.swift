public import Foundation

/// A cohort is known from now on: universities nominate.
public struct CohortOpened: Message {
    public static let type = "cohort.opened.v1"
    public static let topic = Topic.matchmaking
    public var key: String { cohortID.description }

    public let cohortID: CohortID
    public let title: LocalizedText
    public let rankingDeadline: Date
    /// SHA-256 of the secret seed that breaks ties.
    public let lotteryCommitment: String

    public init(cohortID: CohortID, title: LocalizedText, rankingDeadline: Date, lotteryCommitment: String) {
        self.cohortID = cohortID
        self.title = title
        self.rankingDeadline = rankingDeadline
        self.lotteryCommitment = lotteryCommitment
    }
}
