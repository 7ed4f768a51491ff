import Domain
import Hummingbird
import ServiceKit

/// Who reads a page: in which language, and which others there are.
struct Reader: Sendable {
    let language: LanguageTag

    /// `?lang=` wins over the browser's wishes, and these over `fallback`.
    init(_ request: Request, fallback: LanguageTag) {
        let wished = request.uri.queryParameters["lang"].flatMap { try? LanguageTag(String($0)) }
        language =
            wished.flatMap { Strings.supported(for: $0) }
            ?? Strings.negotiate(request.headers[.acceptLanguage], default: fallback)
    }

    /// Each language by its own name.
    var languages: [LanguageLink] {
        LanguageTag.supported.map { tag in
            LanguageLink(tag: tag.description, name: Self.name(of: tag), isCurrent: tag == language)
        }
    }

    struct LanguageLink: Sendable {
        let tag: String
        let name: String
        let isCurrent: Bool
    }

    static func name(of tag: LanguageTag) -> String {
        switch tag {
        case .english: "English"
        case .traditionalChinese: "繁體中文"
        case .vietnamese: "Tiếng Việt"
        case .thai: "ไทย"
        case .indonesian: "Bahasa Indonesia"
        case .malay: "Bahasa Melayu"
        case .filipino: "Filipino"
        case .spanish: "Español"
        default: tag.description
        }
    }
}
