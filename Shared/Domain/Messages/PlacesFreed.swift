/// Places of a cohort, or applicants, are free again after a round was published.
public struct PlacesFreed: Message {
    public static let type = "placement.places-freed.v1"
    public static let topic = Topic.matchmaking
    public var key: String { cohortID.description }

    public let cohortID: CohortID

    public init(cohortID: CohortID) {
        self.cohortID = cohortID
    }
}
