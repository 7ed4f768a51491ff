import Domain
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// What an applicant sees who ranks: what is saved, and the form for as long as it can be changed.
struct RankingPage: Sendable {
    struct Form: Sendable {
        struct Option: Sendable {
            let value: String
            let text: String
            let isSelected: Bool
        }

        struct Field: Sendable {
            let name: String
            let label: String
            let error: String?
            let options: [Option]
        }

        struct Summary: Sendable {
            let text: String
            let links: [Field]
        }

        let heading: String
        let intro: String
        let honest: String
        let summary: Summary?
        let action: String
        let version: Int
        let fields: [Field]
        let save: String
    }

    struct MovableList: Sendable {
        struct Item: Sendable {
            let id: String
            let name: String
            let up: String?
            let down: String?
            let remove: String
        }

        let orderHeading: String
        let script: String
        let certifyHint: String
        let action: String
        let version: Int
        let items: [Item]
        /// `nil` once it is certified.
        let certify: String?
    }

    struct Advice: Sendable {
        let heading: String
        let lines: [String]
    }

    let title: String
    let greeting: String
    let notice: Notice?
    let group: GroupNotice?
    let savedHeading: String
    let hasSaved: Bool
    let saved: [String]
    /// The same with buttons, for as long as it can be changed and nothing on it is tied.
    let movable: MovableList?
    let certified: String?
    let finder: PositionFinder?
    let advice: Advice?
    let emptyText: String
    let deadline: String
    let form: Form?
    let withdrawal: WithdrawalForm?
    let lottery: String
    let commitment: String
    let languagesLabel: String
    let languages: [LanguageChoice.Option]
}

/// What the page is made of.
struct RankingView: Sendable {
    let applicant: Applicant
    let record: CohortRecord
    let zone: TimeZoneID
    /// Those that the applicant may choose, in the order of the form's options.
    let positions: [PositionRecord]
    /// All there are, by id.
    let names: [PositionID: PositionRecord]
    let ranking: VersionedRanking<PositionSubject>
    let certifiedAt: Date?
    let group: GroupView?
    let advice: ListAdvice?
    let search: PositionSearch
    let language: LanguageTag
    let isOpen: Bool

    /// Which text tells the applicant until when the list may change.
    fileprivate var deadlineKey: String {
        switch record.cohort.state {
        case .draft, .open: "ranking.notYet"
        case .ranking, .locked, .run, .published, .closed: isOpen ? "ranking.deadline" : "ranking.closed"
        }
    }
}

extension RankingPage {
    init(_ view: RankingView, _ pages: PersonalPages, notice: Notice?, entered: EnteredChoices?) {
        let language = view.language
        let cohort = view.record.cohort
        let deadline = LocalizedTime.dateTime(cohort.rankingDeadline, view.zone, language)
        title = pages.text("ranking.title", language, ["cohort": cohort.title[language]])
        greeting = pages.text("page.greeting", language, ["name": view.applicant.name.description])
        self.notice = notice
        savedHeading = pages.text("ranking.saved.heading", language)
        saved = view.ranking.ranking.groups.map { group in
            group.map { view.names[$0]?.name(language) ?? "" }.joined(separator: " = ")
        }
        hasSaved = !saved.isEmpty
        group = GroupNotice(view, pages)
        movable = view.isOpen ? MovableList(view, pages) : nil
        certified = view.certifiedAt.map {
            pages.text("ranking.certified", language, ["time": LocalizedTime.dateTime($0, view.zone, language)])
        }
        finder = view.isOpen ? PositionFinder(view, view.search, pages) : nil
        advice = view.advice.map { Advice($0, pages, language) }
        emptyText = pages.text("ranking.saved.none", language)
        self.deadline = pages.text(view.deadlineKey, language, ["deadline": deadline])
        form = view.isOpen ? Form(view, pages, entered ?? EnteredChoices(view.ranking)) : nil
        withdrawal = WithdrawalForm(view.applicant, in: cohort, pages, language)
        lottery = pages.text("ranking.lottery", language)
        commitment = view.record.seed.commitment
        languagesLabel = pages.text("page.languages", language)
        languages = LanguageChoice(language).options
    }
}

extension RankingPage.MovableList {
    /// `nil` where nothing is saved or something is tied: what the buttons leave is one after the other.
    fileprivate init?(_ view: RankingView, _ pages: PersonalPages) {
        let list = view.ranking.ranking
        guard !list.groups.isEmpty, list.groups.allSatisfy({ $0.count == 1 }) else { return nil }
        let language = view.language
        orderHeading = pages.text("ranking.order", language)
        script = pages.orderScript.path
        let isRequired = view.record.cohort.rules.certification == .required
        certifyHint = pages.text(isRequired ? "ranking.certify.required" : "ranking.certify.hint", language)
        action = "?lang=\(language)"
        version = view.ranking.version
        certify = view.certifiedAt == nil ? pages.text("ranking.certify", language) : nil
        items = list.ids.enumerated().map { place, id in
            let name = view.names[id]?.name(language) ?? ""
            func text(_ key: String) -> String { pages.text(key, language, ["name": name]) }
            return Item(
                id: id.description,
                name: name,
                up: place == 0 ? nil : text("ranking.up"),
                down: place == list.ids.count - 1 ? nil : text("ranking.down"),
                remove: text("ranking.remove")
            )
        }
    }
}

extension RankingPage.Advice {
    fileprivate init(_ advice: ListAdvice, _ pages: PersonalPages, _ language: LanguageTag) {
        heading = pages.text("advice.heading", language, ["cohort": advice.title[language]])
        lines = advice.lengths.map { length in
            pages.text(
                "advice.line",
                language,
                [
                    "choices": "\(length.choices)", "share": "\(length.share)", "placed": "\(length.placed)",
                    "applicants": "\(length.applicants)",
                ]
            )
        }
    }
}

extension RankingPage.Form {
    fileprivate init(_ view: RankingView, _ pages: PersonalPages, _ entered: EnteredChoices) {
        let language = view.language
        let count = EnteredChoices.fieldCount(view.record.cohort, positions: view.positions.count)
        heading = pages.text("ranking.change.heading", language)
        intro = pages.text("ranking.intro", language, ["maximum": "\(count)"])
        honest = pages.text("ranking.honest", language)
        action = "?lang=\(language)"
        version = view.ranking.version
        save = pages.text("ranking.save", language)
        let none = pages.text("ranking.none", language)
        let labels = view.positions.map { record in
            (
                record.position.id.description,
                pages.text(
                    "ranking.option",
                    language,
                    ["firm": record.name(language), "places": "\(record.position.places)"]
                )
            )
        }
        fields = (1...max(1, count)).map { number in
            let value = entered.values[number] ?? ""
            return Field(
                name: "choice\(number)",
                label: pages.text("ranking.choice", language, ["number": "\(number)"]),
                error: entered.errors[number].map { pages.text($0.rawValue, language) },
                options: [Option(value: "", text: none, isSelected: value.isEmpty)]
                    + labels.map { Option(value: $0, text: $1, isSelected: $0 == value) }
            )
        }
        let faulty = fields.filter { $0.error != nil }
        summary = faulty.isEmpty ? nil : Summary(text: pages.text("ranking.faults", language), links: faulty)
    }
}
