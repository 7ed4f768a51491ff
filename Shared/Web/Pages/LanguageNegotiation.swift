public import Domain

extension Strings {
    /// The best supported language for an `Accept-Language` header: RFC 9110 quality values, RFC 4647 look-up.
    public static func negotiate(_ acceptLanguage: String?, default language: LanguageTag) -> LanguageTag {
        let fallback = supported(for: language) ?? .english
        let ranges = (acceptLanguage ?? "").split(separator: ",").prefix(50).enumerated().compactMap { index, part in
            LanguageRange(part, position: index)
        }
        let refused = Set(ranges.filter { $0.quality == 0 }.map(\.tag))
        for range in ranges.sorted() where range.quality > 0 {
            if range.tag == "*" { return fallback }
            guard let tag = try? LanguageTag(range.tag), let match = supported(for: tag) else { continue }
            if !refused.contains(match.description.lowercased()) { return match }
        }
        return fallback
    }

    /// The language that pages exist in and a reader of `language` understands best. Readers of any Chinese get
    /// traditional characters (`zh-TW`, `zh-HK`, also `zh-Hans`: nearer than English), readers of Tagalog Filipino.
    public static func supported(for language: LanguageTag) -> LanguageTag? {
        for tag in language.fallbacks {
            if LanguageTag.supported.contains(tag) { return tag }
            if tag.description == "zh" { return .traditionalChinese }
            if tag.description == "tl" { return .filipino }
        }
        return nil
    }
}

/// `zh-TW;q=0.8` of an `Accept-Language` header; the best sorts first.
private struct LanguageRange: Comparable {
    let tag: String
    let quality: Double
    let position: Int

    init?(_ text: Substring, position: Int) {
        let parts = text.split(separator: ";").map { $0.trimmingSpaces().lowercased() }
        guard let tag = parts.first, !tag.isEmpty else { return nil }
        let value = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) }
        guard let quality = value ?? 1, (0...1).contains(quality) else { return nil }
        self.tag = tag
        self.quality = quality
        self.position = position
    }

    static func < (left: Self, right: Self) -> Bool {
        (-left.quality, left.position) < (-right.quality, right.position)
    }
}
