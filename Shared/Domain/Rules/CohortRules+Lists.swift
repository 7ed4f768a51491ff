extension CohortRules {
    /// Who may be nominated. An empty list admits everybody.
    public struct Eligibility: Hashable, Sendable {
        public var economies: [EconomyCode] = []
        /// Codes of universities.
        public var universities: [Slug] = []

        public init() {}

        public func admits(economy: EconomyCode, university: Slug) -> Bool {
            (economies.isEmpty || economies.contains(economy))
                && (universities.isEmpty || universities.contains(university))
        }
    }

    /// How long lists may be.
    public struct Lists: Hashable, Sendable {
        public struct OfApplicants: Hashable, Sendable {
            /// A list that is not empty has at least so many.
            public var minimum = 0
            public var maximum: Int

            public init(maximum: Int) { self.maximum = maximum }
        }

        public struct OfFirms: Hashable, Sendable {
            public var minimum = 0
            /// `nil` for as many as there are.
            public var maximum: Int?

            public init() {}
        }

        public var applicants: OfApplicants
        public var firms = OfFirms()

        public init(applicants: OfApplicants) { self.applicants = applicants }
    }
}

extension CohortRules.Eligibility: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case economies, universities }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        try fields.read(&economies, .economies)
        try fields.read(&universities, .universities)
    }
}

extension CohortRules.Lists: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case applicants, firms }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        applicants = try fields.decode(OfApplicants.self, forKey: .applicants)
        try fields.read(&firms, .firms)
    }
}

extension CohortRules.Lists.OfApplicants: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case minimum, maximum }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        maximum = try fields.decode(Int.self, forKey: .maximum)
        try fields.read(&minimum, .minimum)
    }
}

extension CohortRules.Lists.OfFirms: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case minimum, maximum }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        try fields.read(&minimum, .minimum)
        maximum = try fields.decodeIfPresent(Int.self, forKey: .maximum)
    }
}
