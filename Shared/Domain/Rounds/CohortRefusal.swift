/// Why something may not happen to a cohort now.
public enum CohortRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// The cohort does not take members any more.
    case locked = "cohort-locked"
    /// The cohort is at an end.
    case closed = "cohort-closed"
    /// The cohort is not where this step begins.
    case wrongStep = "wrong-step"
    /// Nobody ranks yet.
    case rankingNotOpen = "ranking-not-open"
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
    /// The rules allow no further supplementary round.
    case noMoreRounds = "no-more-rounds"
    /// Places or applicants of the round are not as they were any more.
    case outdated = "round-outdated"
    /// Offers still wait for an answer.
    case answersOpen = "answers-open"

    /// A sentence for whoever asked.
    public var reason: String {
        switch self {
        case .locked: "The cohort is locked: nothing that a round is computed from changes any more"
        case .closed: "The cohort is closed"
        case .wrongStep: "The cohort is not in the state in which this step begins"
        case .rankingNotOpen: "Ranking has not been opened yet"
        case .rankingClosed: "The deadline for rankings has passed"
        case .rankingOpen: "Applicants may rank until the deadline; set closesEarly to close rankings before it"
        case .nothingToMatch: "The cohort has no applicants or no firms"
        case .changedMeanwhile: "Another round was stored, or somebody left, while this one ran"
        case .notRun: "The cohort has not been run"
        case .alreadyPublished: "A round of the cohort is published already"
        case .notPublished: "No round of the cohort is published yet"
        case .nothingToFill: "No place is free that somebody without one could have"
        case .noMoreRounds: "The cohort's rules allow no further supplementary round"
        case .outdated: "Somebody left, or places are not free any more, since this round was run; run it again"
        case .answersOpen: "Offers of the cohort still wait for an answer"
        }
    }
}
