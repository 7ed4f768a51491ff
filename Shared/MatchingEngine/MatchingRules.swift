/// What is asked for, and how ties are broken.
public struct MatchingRules: Hashable, Sendable {
    public var proposing: Proposing
    public var goal: Goal
    /// The public seed of the lottery.
    public var seed: String
    /// Distinguishes the lotteries of several rounds under one seed.
    public var round: String
    /// Places that are settled beforehand: applicant (or team) to firm (or position).
    public var locked: [String: String]
    /// What an earlier round gave: of all stable matchings one is found in which the most keep it. Who is not in the
    /// market any more is passed over.
    public var previous: [String: String]

    public init(
        proposing: Proposing = .applicants,
        goal: Goal = .stable,
        seed: String = "",
        round: String = "",
        locked: [String: String] = [:],
        previous: [String: String] = [:]
    ) {
        self.proposing = proposing
        self.goal = goal
        self.seed = seed
        self.round = round
        self.locked = locked
        self.previous = previous
    }

    /// The side that gets the best stable matching it can have.
    public enum Proposing: String, Hashable, Sendable, CaseIterable {
        case applicants, firms
    }

    public enum Goal: String, Hashable, Sendable, CaseIterable {
        /// No pair wants each other more than what it has. Ties are broken by the lottery.
        case stable
        /// As many placed as a stable matching can have, when ties leave a choice.
        case mostPlaced = "most-placed"
        /// No pair of which one wants to change and the other does not mind.
        case strong
        /// No pair that does not mind to change.
        case `super`
        /// Nobody envies a place that a firm would rather give to them; seats may stay empty to meet minimum quotas.
        case envyFree = "envy-free"
        /// Where a stable matching leaves minimum quotas unmet, as few firms that have one take nobody at all, so that
        /// among the others all is stable and the quotas are met.
        case closing = "close-firms"
    }
}

/// The market asks for a combination that the engine does not solve.
public struct UnsupportedMarket: Error, Hashable, Sendable, CustomStringConvertible {
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}

/// The version that goes into a run's id: results of different versions may differ.
public let engineVersion = "1"
