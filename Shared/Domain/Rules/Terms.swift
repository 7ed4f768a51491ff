/// What a place brings, such as a stipend, and what it obliges to. Told with the result; the rounds don't read it.
public struct Terms: Hashable, Sendable {
    public struct Amount: Hashable, Sendable {
        public enum Period: String, Hashable, Sendable, Codable, CaseIterable {
            case once, month, semester, year
        }

        public var label: LocalizedText
        /// In the currency's smallest unit.
        public var minor: Int
        public var currency: CurrencyCode
        public var per: Period

        public init(_ label: LocalizedText, minor: Int, _ currency: CurrencyCode, per: Period) {
            self.label = label
            self.minor = minor
            self.currency = currency
            self.per = per
        }
    }

    public var text: LocalizedText?
    public var amounts: [Amount] = []
    /// After graduation.
    public var yearsOfService: Int?

    public init() {}
}

extension Terms: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case text, amounts, yearsOfService }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        text = try fields.decodeIfPresent(LocalizedText.self, forKey: .text)
        try fields.read(&amounts, .amounts)
        yearsOfService = try fields.decodeIfPresent(Int.self, forKey: .yearsOfService)
    }
}

extension Terms.Amount: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case label, minor, currency, per }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.closed(CodingKeys.self)
        label = try fields.decode(LocalizedText.self, forKey: .label)
        minor = try fields.decode(Int.self, forKey: .minor)
        currency = try fields.decode(CurrencyCode.self, forKey: .currency)
        per = try fields.decode(Period.self, forKey: .per)
    }
}
