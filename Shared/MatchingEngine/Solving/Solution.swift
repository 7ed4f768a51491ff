/// A matching and what is known of others.
struct Solution {
    /// For each applicant the edge of its place, -1 without one.
    var edges: [Int32]
    /// If this matching is not what was asked for, none is: the search was complete.
    var isExhaustive = false
    /// In every matching at least so many pairs block; known where none is stable.
    var leastBlocking: Int?
    /// No fewer firms could be closed; only where the goal asks for it.
    var isClosingLeast = false
    /// How many keep what they had, where that was asked for.
    var kept: Certificate.Kept?
    /// No stable matching places more; only where the goal asks for it.
    var atMost: Int?
}
