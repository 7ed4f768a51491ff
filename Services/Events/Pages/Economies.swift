import Domain
import Foundation

/// The economies that a form offers, by their names in each language: the members of APEC first.
struct Economies: Sendable {
    struct Economy: Sendable {
        let code: String
        let name: String
    }

    private static let members = [
        "AU", "BN", "CA", "CL", "CN", "HK", "ID", "JP", "KR", "MX", "MY", "NZ", "PE", "PG", "PH", "RU", "SG", "TH",
        "TW", "US", "VN",
    ]

    private let common: [LanguageTag: [Economy]]
    private let others: [LanguageTag: [Economy]]

    init() {
        let all = Locale.Region.isoRegions.filter { $0.subRegions.isEmpty }.map(\.identifier)
        let rest = all.filter { $0.utf8.count == 2 && (try? EconomyCode($0)) != nil && !Self.members.contains($0) }
        common = Self.named(Self.members)
        others = Self.named(rest)
    }

    func common(_ language: LanguageTag) -> [Economy] { common[language] ?? [] }
    func others(_ language: LanguageTag) -> [Economy] { others[language] ?? [] }

    func contains(_ code: EconomyCode) -> Bool {
        [common, others].contains { $0[.english]?.contains { $0.code == code.description } ?? false }
    }

    func name(of code: EconomyCode, _ language: LanguageTag) -> String {
        Locale(identifier: language.description).localizedString(forRegionCode: code.description) ?? code.description
    }

    /// In the order that readers of each language expect.
    private static func named(_ codes: [String]) -> [LanguageTag: [Economy]] {
        Dictionary(
            uniqueKeysWithValues: LanguageTag.supported.map { language in
                let locale = Locale(identifier: language.description)
                let economies = codes.compactMap { code in
                    locale.localizedString(forRegionCode: code).map { Economy(code: code, name: $0) }
                }
                let sorted = economies.sorted { left, right in
                    left.name.compare(right.name, locale: locale) == .orderedAscending
                }
                return (language, sorted)
            }
        )
    }
}
