/// Rankings of a cohort are closed: nothing that a round is computed from changes any more.
public struct CohortLocked: Message {
    public static let type = "cohort.locked.v1"
    public static let topic = Topic.matchmaking
    public var key: String { cohortID.description }

    public let cohortID: CohortID
    /// SHA-256 of the seed that breaks ties. The seed itself is still secret.
    public let lotteryCommitment: String

    public init(cohortID: CohortID, lotteryCommitment: String) {
        self.cohortID = cohortID
        self.lotteryCommitment = lotteryCommitment
    }
}
