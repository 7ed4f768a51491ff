public import Foundation

/// Somebody who still has to act in a cohort is reminded of it.
public struct ActionReminded: Message {
    public static let type = "ranking.reminder.v1"
    public static let topic = Topic.matchmaking
    public var key: String { member.id.description }

    public let cohortID: CohortID
    public let cohortTitle: LocalizedText
    public let member: CohortMember
    public let action: OutstandingAction
    /// How often it is to be done: students to confirm, else 1.
    public let count: Int
    public let recipient: Recipient
    public let deadline: Date

    public init(
        cohortID: CohortID,
        cohortTitle: LocalizedText,
        member: CohortMember,
        action: OutstandingAction,
        count: Int,
        recipient: Recipient,
        deadline: Date
    ) {
        self.cohortID = cohortID
        self.cohortTitle = cohortTitle
        self.member = member
        self.action = action
        self.count = count
        self.recipient = recipient
        self.deadline = deadline
    }
}

/// What somebody still has to do.
public enum OutstandingAction: String, Hashable, Sendable, Codable, CaseIterable {
    case rank
    /// Certify what they ranked.
    case certify
    /// Confirm that nominated students are enrolled.
    case confirm
}
