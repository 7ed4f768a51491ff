/// Staff withdrew an applicant, or the place that the applicant was offered.
public struct PlacementWithdrawn: Message {
    public static let type = "placement.withdrawn.v1"
    public static let topic = Topic.matchmaking
    public var key: String { placement.applicantID.description }

    public let placement: PlacementFacts
    public let subject: WithdrawalSubject

    public init(placement: PlacementFacts, subject: WithdrawalSubject) {
        self.placement = placement
        self.subject = subject
    }
}
