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

    let title: String
    let greeting: String
    let notice: Notice?
    let savedHeading: String
    let hasSaved: Bool
    let saved: [String]
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
    /// In the order of the form's options.
    let firms: [Firm]
    let ranking: VersionedRanking<FirmSubject>
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
        let names = Dictionary(uniqueKeysWithValues: view.firms.map { ($0.id, $0.name[language]) })
        let deadline = LocalizedTime.dateTime(cohort.rankingDeadline, view.zone, language)
        title = pages.text("ranking.title", language, ["cohort": cohort.title[language]])
        greeting = pages.text("page.greeting", language, ["name": view.applicant.name.description])
        self.notice = notice
        savedHeading = pages.text("ranking.saved.heading", language)
        saved = view.ranking.ranking.groups.map { group in
            group.map { names[$0] ?? "" }.joined(separator: " = ")
        }
        hasSaved = !saved.isEmpty
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

extension RankingPage.Form {
    fileprivate init(_ view: RankingView, _ pages: PersonalPages, _ entered: EnteredChoices) {
        let language = view.language
        let count = EnteredChoices.fieldCount(view.record.cohort, firms: view.firms.count)
        heading = pages.text("ranking.change.heading", language)
        intro = pages.text("ranking.intro", language, ["maximum": "\(count)"])
        honest = pages.text("ranking.honest", language)
        action = "?lang=\(language)"
        version = view.ranking.version
        save = pages.text("ranking.save", language)
        let none = pages.text("ranking.none", language)
        let labels = view.firms.map { firm in
            (
                firm.id.description,
                pages.text(
                    "ranking.option",
                    language,
                    ["firm": firm.name[language], "places": "\(firm.capacity)"]
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
