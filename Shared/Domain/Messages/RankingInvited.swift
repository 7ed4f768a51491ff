public import Foundation

/// A nominated applicant may rank positions now, over a personal link.
public struct RankingInvited: Message {
    public static let type = "ranking.invited.v1"
    public static let topic = Topic.matchmaking
    public var key: String { applicantID.description }

    public let applicantID: ApplicantID
    public let cohortID: CohortID
    public let cohortTitle: LocalizedText
    public let recipient: Recipient
    /// Rankings are closed after this.
    public let deadline: Date

    public init(
        applicantID: ApplicantID,
        cohortID: CohortID,
        cohortTitle: LocalizedText,
        recipient: Recipient,
        deadline: Date
    ) {
        self.applicantID = applicantID
        self.cohortID = cohortID
        self.cohortTitle = cohortTitle
        self.recipient = recipient
        self.deadline = deadline
    }
}
