/// Figures of a matching.
public struct MatchingStatistics: Hashable, Sendable {
    public let applicants: Int
    public let placed: Int
    public let seats: Int
    public let filledSeats: Int
    /// How many got their first choice, their second choice and so on.
    public let rankProfile: [Int]
    /// By category: applicants and how many of them were placed.
    public let categories: [String: Share]
    /// Seats that stay empty, by firm or position; those without are left out.
    public let unfilled: [String: Int]

    public var unplaced: Int { applicants - placed }

    public struct Share: Hashable, Sendable {
        public var applicants: Int
        public var placed: Int
    }
}
