/// An applicant gave up the place they were offered.
public struct PlacementDeclined: Message {
    public static let type = "placement.declined.v1"
    public static let topic = Topic.matchmaking
    public var key: String { placement.applicantID.description }

    public let placement: PlacementFacts

    public init(placement: PlacementFacts) {
        self.placement = placement
    }
}
