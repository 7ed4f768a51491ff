/// What a person has to know of a place that they were offered.
public struct PlacementFacts: Hashable, Sendable, Codable {
    public let offerID: OfferID
    public let applicantID: ApplicantID
    public let cohortTitle: LocalizedText
    public let firm: LocalizedText
    public let recipient: Recipient

    public init(
        offerID: OfferID,
        applicantID: ApplicantID,
        cohortTitle: LocalizedText,
        firm: LocalizedText,
        recipient: Recipient
    ) {
        self.offerID = offerID
        self.applicantID = applicantID
        self.cohortTitle = cohortTitle
        self.firm = firm
        self.recipient = recipient
    }
}
