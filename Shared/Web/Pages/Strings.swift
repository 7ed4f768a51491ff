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

    /// - Parameter folders: Whose files are taken together; no key stands in two of them.
    public init(bundle: Bundle, folders: [String] = ["Strings"]) throws {
        var texts: [LanguageTag: [String: String]] = [:]
        for folder in folders {
            for (name, text) in try bundle.texts(in: folder, extension: "json") {
                let own = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
                texts[try LanguageTag(name), default: [:]].merge(own) { first, _ in first }
            }
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

    /// The texts whose keys begin with `prefix` and have no further dot, by the rest of their keys: what a template shows
    /// as it is.
    public func words(_ prefix: String, _ language: LanguageTag) -> [String: String] {
        var words: [String: String] = [:]
        for (key, text) in texts[Self.supported(for: language) ?? .english] ?? [:] where key.hasPrefix(prefix) {
            let name = key.dropFirst(prefix.count)
            if !name.contains(".") { words[String(name)] = text }
        }
        return words
    }

    private static func placeholders(_ text: String) -> Set<Substring> {
        Set(text.matches(of: /\{([A-Za-z0-9_.]+)\}/).map(\.1))
    }
}
