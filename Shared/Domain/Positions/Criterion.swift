/// One thing by which a position compares its applicants.
public struct Criterion: Hashable, Sendable, Codable {
    public let code: Slug
    public let name: LocalizedText
    /// How much it counts: what the best possible value is worth, in points.
    public let weight: Int
    /// The best possible value.
    public let maximum: Int
    /// The applicant's fact that it is read from, such as `grade`; `nil` where the firm gives each applicant a score.
    public let fact: Slug?

    public init(code: Slug, name: LocalizedText, weight: Int, maximum: Int = 100, fact: Slug? = nil) {
        self.code = code
        self.name = name
        self.weight = weight
        self.maximum = maximum
        self.fact = fact
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        code = try container.decode(Slug.self, forKey: .code)
        name = try container.decode(LocalizedText.self, forKey: .name)
        weight = try container.decode(Int.self, forKey: .weight)
        maximum = try container.decodeIfPresent(Int.self, forKey: .maximum) ?? 100
        fact = try container.decodeIfPresent(Slug.self, forKey: .fact)
    }

    /// What `value` earns: hundredths of a point, rounded half up. A value beyond the best possible earns no more.
    func hundredths(of value: Int) -> Int {
        let value = min(max(0, value), maximum)
        return (200 * weight * value + maximum) / (2 * maximum)
    }
}
