public import Domain
public import Foundation

/// A service's texts for people: `Resources/Strings/<language>.json`, each a flat object of key to text with
/// `{placeholders}`. Every supported language has the same keys with the same placeholders, which the initialiser
/// checks.
public struct Strings: Sendable {
    /// Which language lacks what.
    public struct Fault: Error, CustomStringConvertible, Sendable {
        public let description: String
    }

    private let texts: [LanguageTag: [String: String]]

    public init(bundle: Bundle) throws {
        let files = try bundle.texts(in: "Strings", extension: "json")
        var texts: [LanguageTag: [String: String]] = [:]
        for (name, text) in files {
            texts[try LanguageTag(name)] = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        }
        try self.init(texts)
    }

    init(_ texts: [LanguageTag: [String: String]]) throws {
        let english = texts[.english] ?? [:]
        for language in LanguageTag.supported {
            let own = texts[language] ?? [:]
            let different = Set(own.keys).symmetricDifference(english.keys)
            guard different.isEmpty else {
                throw Fault(
                    description: "The texts in \(language) and en differ in the keys \(different.sorted().formatted())"
                )
            }
            for (key, text) in own where Self.placeholders(text) != Self.placeholders(english[key] ?? "") {
                throw Fault(description: "The text \(key) in \(language) has other placeholders than in en")
            }
        }
        self.texts = texts
    }

    /// Precondition: the key exists; a release build shows the key itself otherwise. Placeholders without a value are left as they are.
    public func callAsFunction(_ key: String, _ language: LanguageTag, _ values: [String: String] = [:]) -> String {
        guard let text = texts[Self.supported(for: language) ?? .english]?[key] else {
            assertionFailure("There is no text \(key)")
            return key
        }
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = rest[open..<close].dropFirst()
            result += rest[..<open]
            result += values[String(name)] ?? String(rest[open...close])
            rest = rest[close...].dropFirst()
        }
        return result + rest
    }

    private static func placeholders(_ text: String) -> Set<Substring> {
        Set(text.matches(of: /\{([A-Za-z0-9_.]+)\}/).map(\.1))
    }
}
