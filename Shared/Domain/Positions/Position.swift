/// What applicants rank and firms fill. A firm that has described none is its one position itself.
public struct Position: Hashable, Sendable {
    public let id: PositionID
    public let firm: FirmID
    public let places: Int
    /// `nil` for a firm that is its one position.
    public let description: Description?

    public init(id: PositionID, firm: FirmID, places: Int, description: Description?) {
        self.id = id
        self.firm = firm
        self.places = places
        self.description = description
    }

    /// What a firm tells of a position, and whom it wants.
    public struct Description: Hashable, Sendable {
        public let code: Slug
        public let title: LocalizedText
        public let text: LocalizedText?
        public let workingLanguage: LanguageTag
        /// Positions of one location are near each other.
        public let location: Slug?
        public let eligibility: Eligibility
        public let criteria: [Criterion]

        public init(
            code: Slug,
            title: LocalizedText,
            text: LocalizedText?,
            workingLanguage: LanguageTag,
            location: Slug?,
            eligibility: Eligibility,
            criteria: [Criterion]
        ) {
            self.code = code
            self.title = title
            self.text = text
            self.workingLanguage = workingLanguage
            self.location = location
            self.eligibility = eligibility
            self.criteria = criteria
        }
    }

    public var criteria: [Criterion] { description?.criteria ?? [] }
    public var eligibility: Eligibility { description?.eligibility ?? .everybody }

    /// Whether two who want to be near each other are so at these positions.
    public func isNear(_ other: Position) -> Bool {
        if firm == other.firm { return true }
        guard let location = description?.location else { return false }
        return location == other.description?.location
    }
}
