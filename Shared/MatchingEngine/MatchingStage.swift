/// How far a run is, told as each part begins and while a file is read.
public enum MatchingStage: Hashable, Sendable {
    case reading(bytes: Int, of: Int)
    /// Finding the pairs that both sides listed.
    case ranking
    case solving
    case checking
    /// Figures, explanations, and the result itself.
    case writing
}

public typealias MatchingProgress = @Sendable (MatchingStage) -> Void
