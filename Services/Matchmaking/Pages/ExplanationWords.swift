import Domain

/// Says in a language why somebody has the place they have.
struct ExplanationWords {
    let pages: PersonalPages
    let language: LanguageTag
    let firms: [FirmID: Firm]

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
        case .other: "result.step.other"
        }
    }
}
