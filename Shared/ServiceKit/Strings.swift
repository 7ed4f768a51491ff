public import Domain
public import Foundation

/// A service's texts for people: `Resources/Strings/<language>.json`, each a flat object of key to text with
/// `{placeholders}`. All languages have the same keys, which the initialiser checks.
public struct Strings: Sendable {
    public init(bundle: Bundle) throws { fatalError("stub") }
    /// Precondition: the key exists. Placeholders without a value are left as they are.
    public func callAsFunction(_ key: String, _ language: LanguageTag, _ values: [String: String] = [:]) -> String {
        fatalError("stub")
    }
    /// The best supported language for an `Accept-Language` header.
    public static func negotiate(_ acceptLanguage: String?, default language: LanguageTag) -> LanguageTag {
        fatalError("stub")
    }
}

/// Dates and times as a reader of `language` writes them, in the venue's zone with its name.
public struct LocalizedTime: Sendable {
    public static func dateTime(_ date: Date, _ zone: TimeZoneID, _ language: LanguageTag) -> String {
        fatalError("stub")
    }
    public static func interval(from start: Date, to end: Date, _ zone: TimeZoneID, _ language: LanguageTag) -> String {
        fatalError("stub")
    }
}
