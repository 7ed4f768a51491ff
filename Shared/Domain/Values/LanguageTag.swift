/// A BCP 47 language tag of language, script and region, such as `en`, `zh-Hant` or `zh-Hant-TW`.
public struct LanguageTag: ParsedValue {
    public let description: String

    public init(_ text: String) throws(InvalidValue) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let reason = "must be a language tag such as en, vi or zh-Hant"
        guard let language = parts.first, (2...3).contains(language.count), language.isASCIILetters else {
            throw InvalidValue(reason)
        }
        var tag = language.lowercased()
        var rest = parts.dropFirst()
        if let script = rest.first, script.count == 4, script.isASCIILetters {
            tag += "-" + script.prefix(1).uppercased() + script.dropFirst().lowercased()
            rest = rest.dropFirst()
        }
        if let region = rest.first, region.isRegion {
            tag += "-" + region.uppercased()
            rest = rest.dropFirst()
        }
        guard rest.isEmpty else { throw InvalidValue(reason) }
        description = tag
    }

    private init(known: String) {
        description = known
    }

    /// The tag itself, then ever more general ones: `zh-Hant-TW`, `zh-Hant`, `zh`.
    public var fallbacks: [LanguageTag] {
        var tags = [self]
        var text = Substring(description)
        while let dash = text.lastIndex(of: "-") {
            text = text[..<dash]
            tags.append(LanguageTag(known: String(text)))
        }
        return tags
    }

    public static let english = LanguageTag(known: "en")
    public static let filipino = LanguageTag(known: "fil")
    public static let indonesian = LanguageTag(known: "id")
    public static let malay = LanguageTag(known: "ms")
    public static let spanish = LanguageTag(known: "es")
    public static let thai = LanguageTag(known: "th")
    public static let traditionalChinese = LanguageTag(known: "zh-Hant")
    public static let vietnamese = LanguageTag(known: "vi")

    /// The languages that pages and mails exist in.
    public static let supported: [LanguageTag] = [
        .english, .traditionalChinese, .vietnamese, .thai, .indonesian, .malay, .filipino, .spanish,
    ]
}

extension Substring {
    fileprivate var isASCIILetters: Bool { allSatisfy { $0.isASCII && $0.isLetter } }

    fileprivate var isRegion: Bool {
        count == 2 && isASCIILetters || count == 3 && allSatisfy { $0.isASCII && $0.isNumber }
    }
}
