extension CohortRules {
    /// What firms and applicants get to see of each other.
    public struct Viewing: Hashable, Sendable {
        public enum Applicants: String, Hashable, Sendable, Codable, CaseIterable {
            /// Those whose list names the firm.
            case chosen
            /// Those, and whoever agreed to be seen by all firms.
            case consented
        }

        public var firmsSee: Applicants = .chosen
        /// Whether an applicant whom a firm found unacceptable is told why.
        public var tellsReasons = false

        public init() {}
    }
}

extension CohortRules.Viewing: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case firmsSee, tellsReasons }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        try fields.read(&firmsSee, .firmsSee)
        try fields.read(&tellsReasons, .tellsReasons)
    }
}
