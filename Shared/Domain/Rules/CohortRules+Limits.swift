extension CohortRules {
    /// Applicants of a university, of an economy, or of both at once.
    public struct Group: Hashable, Sendable {
        public var university: Slug?
        public var economy: EconomyCode?

        public init(university: Slug? = nil, economy: EconomyCode? = nil) {
            self.university = university
            self.economy = economy
        }

        public func contains(economy: EconomyCode, university: Slug) -> Bool {
            (self.university ?? university) == university && (self.economy ?? economy) == economy
        }
    }

    public struct Cap: Hashable, Sendable {
        public var group: Group
        public var maximum: Int
        /// Codes of the firms that it holds for; empty for each firm.
        public var firms: [Slug] = []

        public init(_ group: Group, maximum: Int, firms: [Slug] = []) {
            self.group = group
            self.maximum = maximum
            self.firms = firms
        }
    }

    public struct Reserve: Hashable, Sendable {
        public var group: Group
        public var seats: Int
        /// Codes of the firms that it holds for; empty for each firm.
        public var firms: [Slug] = []

        public init(_ group: Group, seats: Int, firms: [Slug] = []) {
            self.group = group
            self.seats = seats
            self.firms = firms
        }
    }

    public struct Minimum: Hashable, Sendable {
        public var firm: Slug
        public var seats: Int

        public init(_ firm: Slug, seats: Int) {
            self.firm = firm
            self.seats = seats
        }
    }

    public struct Region: Hashable, Sendable {
        public var code: Slug
        public var firms: [Slug]
        public var maximum: Int

        public init(_ code: Slug, firms: [Slug], maximum: Int) {
            self.code = code
            self.firms = firms
            self.maximum = maximum
        }
    }
}

extension CohortRules.Group: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case university, economy }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        university = try fields.decodeIfPresent(Slug.self, forKey: .university)
        economy = try fields.decodeIfPresent(EconomyCode.self, forKey: .economy)
    }
}

extension CohortRules.Cap: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case group, maximum, firms }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        group = try fields.decode(CohortRules.Group.self, forKey: .group)
        maximum = try fields.decode(Int.self, forKey: .maximum)
        try fields.read(&firms, .firms)
    }
}

extension CohortRules.Reserve: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case group, seats, firms }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        group = try fields.decode(CohortRules.Group.self, forKey: .group)
        seats = try fields.decode(Int.self, forKey: .seats)
        try fields.read(&firms, .firms)
    }
}

extension CohortRules.Minimum: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case firm, seats }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        firm = try fields.decode(Slug.self, forKey: .firm)
        seats = try fields.decode(Int.self, forKey: .seats)
    }
}

extension CohortRules.Region: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case code, firms, maximum }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        code = try fields.decode(Slug.self, forKey: .code)
        firms = try fields.decode([Slug].self, forKey: .firms)
        maximum = try fields.decode(Int.self, forKey: .maximum)
    }
}
