import Domain
import Foundation

/// Says in a language why somebody has the place they have.
struct ExplanationWords {
    let pages: PersonalPages
    let language: LanguageTag
    let positions: [PositionID: PositionRecord]
    /// Why positions did not take the applicant, where the cohort's rules say that it is told.
    var reasons: [PositionID: String] = [:]
    /// By code.
    let universities: [Slug: LocalizedText]

    func name(_ place: Place) -> String { positions[place.id]?.name(language) ?? "" }

    func step(_ step: ExplanationRecord.Step, own lottery: String) -> String {
        let reason = step.outcome == .notRanked ? reasons[step.place.id] : nil
        return pages.text(
            reason == nil ? key(of: step.outcome) : "result.step.unacceptable",
            language,
            [
                "reason": reason ?? "",
                "firm": name(step.place),
                "places": "\(positions[step.place.id]?.position.places ?? 0)",
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
                ["firm": name(change.place), "rank": change.rank.map { "\($0)" } ?? ""]
            )
        case .listing: pages.text("result.change.listing", language, ["firm": name(change.place)])
        }
    }

    private func key(of outcome: ExplanationRecord.Outcome) -> String {
        switch outcome {
        case .placed: "result.step.placed"
        case .notRanked: "result.step.notRanked"
        case .ineligible: "result.step.ineligible"
        case .uncertified: "result.step.uncertified"
        case .full: "result.step.full"
        case .lottery: "result.step.lottery"
        case .noSeats: "result.step.noSeats"
        case .equallyGood: "result.step.equallyGood"
        case .noRoomTogether: "result.step.noRoomTogether"
        case .capFull: "result.step.capFull"
        case .reserved: "result.step.reserved"
        case .regionFull: "result.step.regionFull"
        case .other: "result.step.other"
        }
    }

    /// A university's students, an economy's people, or both.
    private func name(_ group: CohortRules.Group) -> String {
        let university = group.university.map { universities[$0]?[language] ?? $0.description }
        let economy = group.economy?.name(language)
        return [university, economy].compactMap(\.self).joined(separator: ", ")
    }
}

extension ExplanationRecord.Step {
    var place: Place { Place(firm, position) }
}

extension ExplanationRecord.Change {
    var place: Place { Place(firm, position) }
}
