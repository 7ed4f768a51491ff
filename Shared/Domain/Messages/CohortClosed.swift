/// A cohort is at an end: nothing changes any more.
public struct CohortClosed: Message {
    public static let type = "cohort.closed.v1"
    public static let topic = Topic.matchmaking
    public var key: String { cohortID.description }

    public let cohortID: CohortID
    /// Whether a round had been published; else the cohort was given up.
    public let hadResult: Bool

    public init(cohortID: CohortID, hadResult: Bool) {
        self.cohortID = cohortID
        self.hadResult = hadResult
    }
}
