public import Foundation

/// A step of a cohort or of a member, as it is told to the one concerned.
public struct CohortNews: Message {
    public static let type = "cohort.news.v1"
    public static let topic = Topic.matchmaking
    public var key: String { member.id.description }

    public enum Step: String, Hashable, Sendable, Codable, CaseIterable {
        /// The member joined a cohort that is known already, or is sent the personal link once more.
        case joined
        case opened
        case ranking = "ranking-opened"
        /// The deadline for rankings is another one.
        case deadline = "deadline-moved"
        case locked
        case closed
        /// Closed before any round was published.
        case abandoned
    }

    public let cohortID: CohortID
    public let cohortTitle: LocalizedText
    public let step: Step
    public let member: CohortMember
    public let recipient: Recipient
    /// Until when rankings may change, where that is still to come.
    public let deadline: Date?

    public init(
        cohortID: CohortID,
        cohortTitle: LocalizedText,
        step: Step,
        member: CohortMember,
        recipient: Recipient,
        deadline: Date? = nil
    ) {
        self.cohortID = cohortID
        self.cohortTitle = cohortTitle
        self.step = step
        self.member = member
        self.recipient = recipient
        self.deadline = deadline
    }
}
