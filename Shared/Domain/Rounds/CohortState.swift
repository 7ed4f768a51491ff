/// Where a cohort is on its way from the first draft to its end.
public enum CohortState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Staff set it up: rules, universities, firms. Nobody is told anything yet.
    case draft
    /// Universities nominate and confirm, firms join; nobody ranks yet.
    case open
    /// Both sides rank until the deadline. Universities and firms may still join, and students be nominated.
    case ranking
    /// Nothing that a round is computed from changes any more, except that somebody leaves.
    case locked
    /// At least one tentative round is stored.
    case run
    /// A round is published: its placements are what people were told. Offers are answered, and supplementary rounds
    /// fill what became free.
    case published
    /// Nothing changes any more.
    case closed

    /// Whether universities, firms and applicants may join.
    public var isJoining: Bool { self == .draft || self == .open || self == .ranking }
}
