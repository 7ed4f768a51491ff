import Domain
import Foundation
import ServiceKit

/// A round in figures, with its proof, for staff. It names no applicant.
struct RoundPage: Sendable {
    struct Figure: Sendable {
        let label: String
        let value: Int
    }

    struct Bar: Sendable {
        let label: String
        let count: Int
        let share: String
        /// In percent of the longest bar.
        let width: Int
    }

    struct FirmLine: Sendable {
        let name: String
        let places: Int
        let filled: Int
        let lastRank: String
        let lastLottery: String
    }

    struct Fact: Sendable {
        let label: String
        let value: String
        let isCode: Bool
    }

    let title: String
    let state: String
    let stateKind: String
    let figures: [Figure]
    let profileHeading: String
    let profileCaption: String
    let choiceColumn: String
    let applicantsColumn: String
    let shareColumn: String
    let profile: [Bar]
    let firmsHeading: String
    let firmsCaption: String
    let firmColumn: String
    let placesColumn: String
    let filledColumn: String
    let lastRankColumn: String
    let lastLotteryColumn: String
    let firms: [FirmLine]
    let proofHeading: String
    let proofText: String
    let proof: [Fact]
    let report: String
    let reportText: String
    let language: LanguageTag
    let languagesLabel: String
    let languages: [LanguageChoice.Option]
}

/// What the page is made of.
struct RoundView: Sendable {
    let round: StoredRound
    let record: CohortRecord
    let firms: [(Firm, FirmOutcome)]
    let zone: TimeZoneID
    let language: LanguageTag
}

extension RoundPage {
    /// - Parameter report: The address of the round's report.
    init(_ view: RoundView, _ pages: PersonalPages, report: String) {
        let text = { (key: String, values: [String: String]) in pages.text(key, view.language, values) }
        let round = view.round.record
        title = text(
            "round.title",
            ["number": "\(round.number)", "cohort": view.record.cohort.title[view.language]]
        )
        if let publishedAt = view.round.publishedAt {
            let time = LocalizedTime.dateTime(publishedAt, view.zone, view.language)
            state = text("round.state.published", ["time": time])
            stateKind = "good"
        } else {
            state = text("round.state.tentative", [:])
            stateKind = "warn"
        }
        figures = [
            Figure(label: text("round.applicants", [:]), value: round.placed + round.unplaced),
            Figure(label: text("round.placed", [:]), value: round.placed),
            Figure(label: text("round.unplaced", [:]), value: round.unplaced),
            Figure(label: text("round.places", [:]), value: round.statistics.seats),
            Figure(label: text("round.unfilled", [:]), value: round.statistics.seats - round.statistics.filledSeats),
        ]
        profileHeading = text("round.profile.heading", [:])
        profileCaption = text("round.profile.caption", [:])
        choiceColumn = text("round.profile.choice", [:])
        applicantsColumn = text("round.applicants", [:])
        shareColumn = text("round.profile.share", [:])
        profile = Self.bars(round, text)
        firmsHeading = text("round.firms.heading", [:])
        firmsCaption = text("round.firms.caption", [:])
        firmColumn = text("round.firms.firm", [:])
        placesColumn = text("round.places", [:])
        filledColumn = text("round.firms.filled", [:])
        lastRankColumn = text("round.firms.lastRank", [:])
        lastLotteryColumn = text("round.firms.lastLottery", [:])
        firms = view.firms.map { firm, outcome in
            FirmLine(
                name: firm.name[view.language],
                places: outcome.capacity,
                filled: outcome.filled,
                lastRank: outcome.lastRank.map { "\($0)" } ?? "–",
                lastLottery: outcome.lastLottery ?? "–"
            )
        }
        proofHeading = text("round.proof.heading", [:])
        proofText = text(round.blockingPairs == 0 ? "round.proof.stable" : "round.proof.unstable", [:])
        proof = Self.facts(view, text)
        self.report = report
        reportText = text("staff.report", [:])
        language = view.language
        languagesLabel = text("page.languages", [:])
        languages = LanguageChoice(view.language).options
    }

    private static func bars(_ round: RoundRecord, _ text: (String, [String: String]) -> String) -> [Bar] {
        var lines = round.statistics.rankProfile.enumerated().map { offset, count in
            (text("ranking.choice", ["number": "\(offset + 1)"]), count)
        }
        lines.append((text("round.unplaced", [:]), round.unplaced))
        let longest = max(1, lines.map(\.1).max() ?? 1)
        let all = max(1, round.placed + round.unplaced)
        return lines.map { label, count in
            let share = Int((Double(count) * 100 / Double(all)).rounded())
            return Bar(label: label, count: count, share: "\(share) %", width: count * 100 / longest)
        }
    }

    private static func facts(_ view: RoundView, _ text: (String, [String: String]) -> String) -> [Fact] {
        let round = view.round.record
        var facts = [
            Fact(label: text("round.proof.blockingPairs", [:]), value: "\(round.blockingPairs)", isCode: false),
            Fact(label: text("round.proof.run", [:]), value: round.runID, isCode: true),
            Fact(label: text("round.proof.engine", [:]), value: round.engine, isCode: true),
            Fact(label: text("lottery.commitment", [:]), value: round.seedHash, isCode: true),
        ]
        if view.round.publishedAt != nil, let seed = view.record.publicSeed {
            facts.append(Fact(label: text("lottery.seed", [:]), value: seed, isCode: true))
        }
        return facts
    }
}
