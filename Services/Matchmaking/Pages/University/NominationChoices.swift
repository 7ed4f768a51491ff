import Domain
import Foundation
import Postgres

/// What the nomination form offers to choose from.
struct NominationChoices: Sendable {
    /// Those that the cohort's rules admit.
    let economies: [EconomyCode]
    /// Those that positions of the cohort ask for.
    let disciplines: [Slug]

    init(_ rules: CohortRules, _ positions: [Position]) {
        let admitted = rules.eligibility.economies
        economies = admitted.isEmpty ? Self.allEconomies : admitted
        disciplines = Set(positions.flatMap(\.eligibility.disciplines)).sorted { $0.description < $1.description }
    }

    private static let allEconomies = Locale.Region.isoRegions
        .filter { $0.identifier.utf8.count == 2 && $0.isISORegion }
        .compactMap { try? EconomyCode($0.identifier) }
}

extension EconomyCode {
    /// As speakers of `language` call it.
    func name(_ language: LanguageTag) -> String {
        Locale(identifier: language.description).localizedString(forRegionCode: description) ?? description
    }
}
