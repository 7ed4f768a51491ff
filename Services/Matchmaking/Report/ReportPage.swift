import Domain
import Foundation
import ServiceKit

/// A round for a committee, on screen and on paper. It names no applicant.
struct ReportPage: Sendable {
    struct ProfileLine: Sendable {
        let label: String
        let count: Int
        let share: String
    }

    struct FirmLine: Sendable {
        let name: String
        let places: Int
        let filled: Int
        let free: Int
        let lastRank: String
        let lastLottery: String
    }

    struct GroupTable: Sendable {
        struct Line: Sendable {
            let code: String
            let applicants: Int
            let placed: Int
            let share: String
        }

        let id: String
        let heading: String
        let lines: [Line]
    }

    struct Fact: Sendable {
        let label: String
        let value: String
    }

    let title: String
    let words: [String: String]
    let state: String
    let stateKind: String
    let computed: String
    let summary: String
    let profileChart: BarChart
    let profile: [ProfileLine]
    let firmsChart: BarChart
    let firms: [FirmLine]
    let groups: [GroupTable]
    let verdict: String
    let proof: [Fact]
    let lottery: [Fact]
    let seedLater: String?
    let back: String?
    let backText: String
    let languagesLabel: String
    let languages: [LanguageChoice.Option]
}

extension ReportPage {
    init(_ view: RoundView, _ pages: PersonalPages, back: String?) {
        let text = { (key: String, values: [String: String]) in pages.text(key, view.language, values) }
        let round = view.round.record
        let cohort = view.record.cohort.title[view.language]
        title = text("report.title", ["number": "\(round.number)", "cohort": cohort])
        words = Self.words(pages, view.language)
        let publishedAt = view.round.publishedAt.map { LocalizedTime.dateTime($0, view.zone, view.language) }
        state = publishedAt.map { text("round.state.published", ["time": $0]) } ?? text("round.state.tentative", [:])
        stateKind = publishedAt == nil ? "warn" : "good"
        let time = LocalizedTime.dateTime(round.createdAt, view.zone, view.language)
        computed = text("report.computed", ["time": time])
        summary = text(
            "report.summary",
            [
                "placed": "\(round.placed)", "applicants": "\(round.placed + round.unplaced)",
                "first": "\(round.statistics.rankProfile.first ?? 0)", "filled": "\(round.statistics.filledSeats)",
                "places": "\(round.statistics.seats)",
            ]
        )
        profile = Self.profile(round, text)
        profileChart = BarChart(
            id: "profile-chart",
            title: text("report.profileChart", [:]),
            rows: profile.map { .init(label: $0.label, value: "\($0.count) (\($0.share))", amount: $0.count) }
        )
        firms = view.firms.map { FirmLine(name: $0.name[view.language], $1) }
        firmsChart = BarChart(
            id: "firms-chart",
            title: text("report.firmsChart", [:]),
            rows: firms.map { line in
                let value = text("report.filledOf", ["filled": "\(line.filled)", "places": "\(line.places)"])
                return .init(label: line.name, value: value, amount: line.filled, rest: line.free)
            }
        )
        groups = [
            GroupTable("universities", "university", text("comparison.universitiesHeading", [:]), round),
            GroupTable("economies", "economy", text("comparison.economiesHeading", [:]), round),
        ]
        verdict = text(round.blockingPairs == 0 ? "round.proof.stable" : "round.proof.unstable", [:])
        proof = [
            Fact(label: text("report.verdict", [:]), value: round.certificate.verdict),
            Fact(label: text("round.proof.blockingPairs", [:]), value: "\(round.blockingPairs)"),
            Fact(label: text("round.proof.run", [:]), value: round.runID),
            Fact(label: text("round.proof.engine", [:]), value: round.engine),
            Fact(label: text("report.input", [:]), value: round.certificate.inputHash),
        ]
        // The seed stays secret for as long as the round can still be run otherwise.
        let seed = publishedAt == nil ? nil : view.record.publicSeed
        lottery =
            [Fact(label: text("lottery.commitment", [:]), value: round.seedHash)]
            + (seed.map { [Fact(label: text("lottery.seed", [:]), value: $0)] } ?? [])
        seedLater = seed == nil ? text("report.seedLater", [:]) : nil
        self.back = back
        backText = text("staff.back", [:])
        languagesLabel = text("page.languages", [:])
        languages = LanguageChoice(view.language).options
    }

    private static func words(_ pages: PersonalPages, _ language: LanguageTag) -> [String: String] {
        let others = [
            "profileHeading": "round.profile.heading", "profileCaption": "round.profile.caption",
            "choice": "round.profile.choice", "share": "round.profile.share", "firmsHeading": "round.firms.heading",
            "firmsCaption": "round.firms.caption", "firm": "round.firms.firm", "lastRank": "round.firms.lastRank",
            "lastLottery": "round.firms.lastLottery", "proofHeading": "round.proof.heading",
            "applicants": "round.applicants", "placed": "round.placed", "places": "round.places",
            "code": "comparison.code",
        ].mapValues { pages.text($0, language) }
        return pages.strings.words("report.", language).merging(others) { own, _ in own }
    }

    private static func profile(
        _ round: RoundRecord,
        _ text: (String, [String: String]) -> String
    ) -> [ProfileLine] {
        var lines = round.statistics.rankProfile.enumerated().map { offset, count in
            (text("ranking.choice", ["number": "\(offset + 1)"]), count)
        }
        lines.append((text("round.unplaced", [:]), round.unplaced))
        let all = round.placed + round.unplaced
        return lines.map { ProfileLine(label: $0, count: $1, share: Self.share($1, of: all)) }
    }

    fileprivate static func share(_ count: Int, of all: Int) -> String {
        "\(Int((Double(count) * 100 / Double(max(1, all))).rounded())) %"
    }
}

extension ReportPage.FirmLine {
    fileprivate init(name: String, _ outcome: FirmOutcome) {
        self.init(
            name: name,
            places: outcome.capacity,
            filled: outcome.filled,
            free: outcome.capacity - outcome.filled,
            lastRank: outcome.lastRank.map { "\($0)" } ?? "–",
            lastLottery: outcome.lastLottery ?? "–"
        )
    }
}

extension ReportPage.GroupTable {
    /// The categories of one kind, by code.
    fileprivate init(_ id: String, _ kind: String, _ heading: String, _ round: RoundRecord) {
        let prefix = "\(kind):"
        let lines = round.statistics.categories.filter { $0.key.hasPrefix(prefix) }.map { key, share in
            Line(
                code: String(key.dropFirst(prefix.count)),
                applicants: share.applicants,
                placed: share.placed,
                share: ReportPage.share(share.placed, of: share.applicants)
            )
        }
        self.init(id: id, heading: heading, lines: lines.sorted { $0.code < $1.code })
    }
}
