import Domain
import Foundation

/// Says in a language why somebody has the place they have.
struct ExplanationWords {
    let pages: PersonalPages
    let language: LanguageTag
    let firms: [FirmID: Firm]
    /// By code.
    let universities: [Slug: LocalizedText]

    func name(_ firm: FirmID) -> String { firms[firm]?.name[language] ?? "" }

    func step(_ step: ExplanationRecord.Step, own lottery: String) -> String {
        pages.text(
            key(of: step.outcome),
            language,
            [
                "firm": name(step.firm),
                "places": "\(firms[step.firm]?.capacity ?? 0)",
                "rank": step.rank.map { "\($0)" } ?? "",
                "last": step.lastRank.map { "\($0)" } ?? "",
                "own": lottery,
                "lastNumber": step.lastLottery ?? "",
                "group": step.group.map(name) ?? "",
            ]
        )
    }

    func change(_ change: ExplanationRecord.Change) -> String {
        switch change.kind {
        case .betterRank:
            pages.text(
                "result.change.rank",
                language,
                ["firm": name(change.firm), "rank": change.rank.map { "\($0)" } ?? ""]
            )
        case .listing: pages.text("result.change.listing", language, ["firm": name(change.firm)])
        }
    }

    private func key(of outcome: ExplanationRecord.Outcome) -> String {
        switch outcome {
        case .placed: "result.step.placed"
        case .notRanked: "result.step.notRanked"
        case .full: "result.step.full"
        case .lottery: "result.step.lottery"
        case .noSeats: "result.step.noSeats"
        case .equallyGood: "result.step.equallyGood"
        case .capFull: "result.step.capFull"
        case .reserved: "result.step.reserved"
        case .regionFull: "result.step.regionFull"
        case .other: "result.step.other"
        }
    }

    /// A university's students, an economy's people, or both.
    private func name(_ group: CohortRules.Group) -> String {
        let university = group.university.map { universities[$0]?[language] ?? $0.description }
        let economy = group.economy.map { code in
            Locale(identifier: language.description).localizedString(forRegionCode: code.description)
                ?? code.description
        }
        return [university, economy].compactMap(\.self).joined(separator: ", ")
    }
}
