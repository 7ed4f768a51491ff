/// A round's result is public. Each applicant's own result follows as `PlacementPublished`.
public struct RoundPublished: Message {
    public static let type = "round.published.v1"
    public static let topic = Topic.matchmaking
    public var key: String { roundID.description }

    public let roundID: RoundID
    public let cohortID: CohortID
    public let placed: Int
    public let unplaced: Int

    public init(
        roundID: RoundID,
        cohortID: CohortID,
        placed: Int,
        unplaced: Int
    ) {
        self.roundID = roundID
        self.cohortID = cohortID
        self.placed = placed
        self.unplaced = unplaced
    }
}
