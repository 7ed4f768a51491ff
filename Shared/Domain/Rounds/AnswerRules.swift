public import Foundation

/// What a cohort's rules say of the answers to its offers.
public struct AnswerRules: Hashable, Sendable {
    /// Who decides that a place which became free is offered to the next.
    public enum Refill: String, Hashable, Sendable, Codable, CaseIterable {
        /// It is offered at once.
        case automatic
        /// Staff run a supplementary round and publish it.
        case approved
    }

    /// How many days applicants have to answer, if the publication names no deadline of its own.
    public let days: Int
    public let refill: Refill

    public init(days: Int = 14, refill: Refill = .approved) {
        self.days = days
        self.refill = refill
    }

    /// The deadline of offers that are made at `now`, on a whole second.
    public func deadline(from now: Date) -> Date {
        Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.up) + Double(days) * 86_400)
    }
}
