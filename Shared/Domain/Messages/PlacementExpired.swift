/// An applicant did not answer an offer by its deadline, and the place is not theirs any more.
public struct PlacementExpired: Message {
    public static let type = "placement.expired.v1"
    public static let topic = Topic.matchmaking
    public var key: String { placement.applicantID.description }

    public let placement: PlacementFacts

    public init(placement: PlacementFacts) {
        self.placement = placement
    }
}
