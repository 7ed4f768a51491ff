/// An applicant who holds no place leaves a cohort.
public struct ApplicantWithdrew: Message {
    public static let type = "applicant.withdrew.v1"
    public static let topic = Topic.matchmaking
    public var key: String { applicantID.description }

    public let applicantID: ApplicantID
    public let cohortTitle: LocalizedText
    public let recipient: Recipient

    public init(applicantID: ApplicantID, cohortTitle: LocalizedText, recipient: Recipient) {
        self.applicantID = applicantID
        self.cohortTitle = cohortTitle
        self.recipient = recipient
    }
}
