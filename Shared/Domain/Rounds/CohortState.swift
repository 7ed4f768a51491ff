/// Where a cohort is on its way from the first nomination to the published result.
public enum CohortState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Universities, firms and applicants join; both sides rank until the deadline.
    case open
    /// Nothing that a round is computed from changes any more.
    case locked
    /// At least one tentative round is stored.
    case run
    /// A round is published: its placements are what people were told.
    case published
}

/// Why something may not happen to a cohort now.
public enum CohortRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// The cohort is not open any more.
    case locked = "cohort-locked"
    /// The deadline for rankings has passed.
    case rankingClosed = "ranking-closed"
    /// The deadline that applicants were told has not passed yet.
    case rankingOpen = "ranking-open"
    /// There are no applicants or no firms.
    case nothingToMatch = "nothing-to-match"
    /// Something else happened to the cohort while the round was computed.
    case changedMeanwhile = "round-in-progress"
    /// There is no round to publish yet.
    case notRun = "not-run"
    /// Another round is published.
    case alreadyPublished = "already-published"
    /// No round is published yet.
    case notPublished = "not-published"
    /// No place is free that somebody without one could have.
    case nothingToFill = "nothing-to-fill"
    /// Places or applicants of the supplementary round are not free any more.
    case outdated = "round-outdated"

    /// A sentence for whoever asked.
    public var reason: String {
        switch self {
        case .locked: "The cohort is locked; what it holds can't be changed any more"
        case .rankingClosed: "The deadline for rankings has passed"
        case .rankingOpen: "Applicants may rank until the deadline; set closesEarly to close rankings before it"
        case .nothingToMatch: "The cohort has no applicants or no firms"
        case .changedMeanwhile: "Another round was stored while this one ran"
        case .notRun: "The cohort has not been run"
        case .alreadyPublished: "A round of the cohort is published already"
        case .notPublished: "No round of the cohort is published yet"
        case .nothingToFill: "No place is free that somebody without one could have"
        case .outdated: "Places or applicants of this round are not free any more; run it again"
        }
    }
}
