/// What an applicant earns by a position's criteria, part by part. All in hundredths of a point, so that the parts add up
/// to the total exactly.
public struct Score: Hashable, Sendable {
    public struct Part: Hashable, Sendable {
        public let criterion: Slug
        /// `nil` where nothing is known; that earns nothing.
        public let value: Int?
        public let hundredths: Int
        /// What the best possible value would earn.
        public let most: Int
    }

    /// In the order of the criteria.
    public let parts: [Part]
    public var hundredths: Int { parts.reduce(0) { $0 + $1.hundredths } }

    /// - Parameters:
    ///   - scores: What the firm gave, by criterion.
    ///   - facts: What is known of the applicant, by the fact's name.
    public init(_ criteria: [Criterion], scores: [Slug: Int], facts: [Slug: Int]) {
        parts = criteria.map { criterion in
            let value = criterion.fact.map { facts[$0] } ?? scores[criterion.code]
            return Part(
                criterion: criterion.code,
                value: value,
                hundredths: value.map(criterion.hundredths) ?? 0,
                most: 100 * criterion.weight
            )
        }
    }

    /// The order that the scores propose: the highest first, the same total in one group, in the order of ids.
    public static func order<Subject>(_ totals: [(id: ID<Subject>, hundredths: Int)]) -> [[ID<Subject>]] {
        Dictionary(grouping: totals) { $0.hundredths }.sorted { $0.key > $1.key }.map { $0.value.map(\.id).sorted() }
    }
}
