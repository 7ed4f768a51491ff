import Domain
import Hummingbird
import ServiceKit

/// The languages that a page is offered in.
struct LanguageChoice: Sendable {
    struct Option: Sendable {
        let tag: String
        let name: String
        let isCurrent: Bool
    }

    let language: LanguageTag

    /// The language that the reader asked for with `?lang=`, else their own, else English.
    init(_ request: Request, own: LanguageTag) {
        let asked = request.uri.queryParameters["lang"].flatMap { try? LanguageTag(String($0)) }
        language = asked.flatMap(Strings.supported(for:)) ?? Strings.supported(for: own) ?? .english
    }

    init(_ language: LanguageTag) {
        self.language = language
    }

    var options: [Option] {
        LanguageTag.supported.map { tag in
            Option(tag: tag.description, name: Self.names[tag] ?? tag.description, isCurrent: tag == language)
        }
    }

    /// What speakers call a language, or its tag.
    static func name(of language: LanguageTag) -> String { names[language] ?? language.description }

    /// What speakers call their language.
    private static let names: [LanguageTag: String] = [
        .english: "English", .traditionalChinese: "繁體中文", .vietnamese: "Tiếng Việt", .thai: "ไทย",
        .indonesian: "Bahasa Indonesia", .malay: "Bahasa Melayu", .filipino: "Filipino", .spanish: "Español",
    ]
}
