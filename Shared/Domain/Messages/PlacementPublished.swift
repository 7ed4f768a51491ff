public import Foundation

/// The result of a round for one applicant.
public struct PlacementPublished: Message {
    public static let type = "placement.published.v1"
    public static let topic = Topic.matchmaking
    public var key: String { applicantID.description }

    public let applicantID: ApplicantID
    public let roundID: RoundID
    public let cohortTitle: LocalizedText
    public let recipient: Recipient
    /// `nil` for an applicant without a place.
    public let firm: LocalizedText?
    /// By when the offered place is to be answered; `nil` without one.
    public let answerDeadline: Date?

    public init(
        applicantID: ApplicantID,
        roundID: RoundID,
        cohortTitle: LocalizedText,
        recipient: Recipient,
        firm: LocalizedText?,
        answerDeadline: Date? = nil
    ) {
        self.applicantID = applicantID
        self.roundID = roundID
        self.cohortTitle = cohortTitle
        self.recipient = recipient
        self.firm = firm
        self.answerDeadline = answerDeadline
    }
}
