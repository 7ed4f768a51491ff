import Domain
import Foundation
import HummingbirdTesting

@testable import Matchmaking

/// The service's texts in one language, as they stand in a page.
struct Words {
    private let texts: [String: String]

    init(_ language: LanguageTag) throws {
        var texts: [String: String] = [:]
        for folder in PersonalPages.folders {
            let file = ResourceFolder.url.appending(path: "\(folder)/\(language).json")
            let own = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
            texts.merge(own) { first, _ in first }
        }
        self.texts = texts
    }

    func has(_ key: String) -> Bool { texts[key] != nil }

    subscript(key: String, values: [String: String] = [:]) -> String {
        var text = texts[key] ?? "missing \(key)"
        for (name, value) in values { text = text.replacingOccurrences(of: "{\(name)}", with: value) }
        return Self.escaped(text)
    }

    static func escaped(_ text: String) -> String {
        [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")]
            .reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }
}
