public import Foundation

/// Staff decided on an applicant's wish to start at a later intake.
public struct DeferralDecided: Message {
    public static let type = "placement.deferral-decided.v1"
    public static let topic = Topic.matchmaking
    public var key: String { placement.applicantID.description }

    public let placement: PlacementFacts
    /// Until when the applicant may answer the offer; `nil` where the wish was granted.
    public let deadline: Date?

    public init(placement: PlacementFacts, deadline: Date?) {
        self.placement = placement
        self.deadline = deadline
    }
}
