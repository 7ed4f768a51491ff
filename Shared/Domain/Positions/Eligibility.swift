/// Who may choose a position. An empty list leaves its question open to everybody.
public struct Eligibility: Hashable, Sendable, Codable {
    public let economies: [EconomyCode]
    /// Codes of universities.
    public let universities: [Slug]
    public let disciplines: [Slug]
    /// For whole teams: which platforms they may work with.
    public let platforms: [Slug]

    public static let everybody = Eligibility()

    public init(
        economies: [EconomyCode] = [],
        universities: [Slug] = [],
        disciplines: [Slug] = [],
        platforms: [Slug] = []
    ) {
        self.economies = economies
        self.universities = universities
        self.disciplines = disciplines
        self.platforms = platforms
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        economies = try container.decodeIfPresent([EconomyCode].self, forKey: .economies) ?? []
        universities = try container.decodeIfPresent([Slug].self, forKey: .universities) ?? []
        disciplines = try container.decodeIfPresent([Slug].self, forKey: .disciplines) ?? []
        platforms = try container.decodeIfPresent([Slug].self, forKey: .platforms) ?? []
    }

    /// The first thing that keeps this person from choosing the position; `nil` if nothing does.
    public func refusal(of person: ApplicantTraits) -> Refusal? {
        if !economies.isEmpty, !economies.contains(person.economy) { return .economy }
        if !universities.isEmpty, !universities.contains(person.university) { return .university }
        if !disciplines.isEmpty, person.discipline.map(disciplines.contains) != true { return .discipline }
        if !platforms.isEmpty, person.platform.map(platforms.contains) != true { return .platform }
        return nil
    }

    /// What a position asks for and somebody lacks.
    public enum Refusal: String, Hashable, Sendable, Codable, CaseIterable {
        case economy, university, discipline, platform

        /// A sentence without its subject, for whoever sent a ranking.
        public var reason: String {
            switch self {
            case .economy: "is not open to the applicant's economy"
            case .university: "is not open to the applicant's university"
            case .discipline: "is not open to the applicant's discipline"
            case .platform: "is not open to the team's platform"
            }
        }
    }
}

/// What eligibility goes by.
public struct ApplicantTraits: Hashable, Sendable {
    public let economy: EconomyCode
    public let university: Slug
    public let discipline: Slug?
    /// What the applicant's team works with.
    public var platform: Slug?

    public init(economy: EconomyCode, university: Slug, discipline: Slug? = nil, platform: Slug? = nil) {
        self.economy = economy
        self.university = university
        self.discipline = discipline
        self.platform = platform
    }
}
