import Domain
import Foundation
import ServiceKit

/// What a recruiter sees of a firm's applicants for one position, and the form for as long as the list can be changed.
struct FirmPage: Sendable {
    struct Tab: Sendable {
        let link: String
        let name: String
        let isCurrent: Bool
    }

    struct Part: Sendable {
        let criterion: String
        let value: String
        let points: String
        let most: String
    }

    struct Field: Sendable {
        let name: String
        let label: String
        let value: String
        let maximum: Int
    }

    struct Person: Sendable {
        let id: String
        let name: String
        let about: String
        let score: String?
        let parts: [Part]
        /// `nil` once lists are closed, and for whom the firm does not take.
        let edit: Edit?
        let place: String?
        let unacceptable: String?
        let unmark: String?
    }

    struct Edit: Sendable {
        let place: Field
        let scores: [Field]
        let up: String
        let down: String
        let mark: String
        let reason: String
    }

    struct Form: Sendable {
        let action: String
        let position: String
        let version: Int
        let save: String
        let propose: String?
        let certify: String
    }

    let title: String
    let firm: String
    let notice: Notice?
    let tabsLabel: String
    let hasTabs: Bool
    let tabs: [Tab]
    let heading: String
    let deadline: String
    let certified: String
    let isCertified: Bool
    let intro: String
    let missing: String?
    let none: String?
    let form: Form?
    let peopleHeading: String
    let people: [Person]
    let scoreHow: String
    let criterionColumn: String
    let valueColumn: String
    let pointsColumn: String
    let placeLabel: String
    let markHeading: String
    let markHint: String
    let languagesLabel: String
    let languages: [LanguageChoice.Option]
}

/// What the page is made of.
struct FirmView: Sendable {
    let record: CohortRecord
    let zone: TimeZoneID
    let positions: [PositionRecord]
    let list: CandidateList
    let language: LanguageTag
    let isOpen: Bool
}

extension FirmPage {
    init(_ view: FirmView, _ pages: PersonalPages, notice: Notice?) {
        let words = FirmWords(view, pages)
        let list = view.list
        let current = list.record
        let acceptable = list.candidates.filter { $0.unacceptable == nil }
        let unplaced = acceptable.count { $0.tier == nil }
        title = words("firm.title", ["cohort": view.record.cohort.title[view.language]])
        firm = current.firmName[view.language]
        self.notice = notice
        tabsLabel = words("firm.positions")
        hasTabs = view.positions.count > 1
        tabs = view.positions.map { record in
            Tab(
                link: "?position=\(record.position.id)&lang=\(view.language)",
                name: record.position.description?.title[view.language] ?? record.firmName[view.language],
                isCurrent: record.position.id == current.position.id
            )
        }
        heading = "\(current.name(view.language)) (\(words("firm.places", ["places": "\(current.position.places)"])))"
        let time = LocalizedTime.dateTime(view.record.cohort.rankingDeadline, view.zone, view.language)
        deadline = words(view.isOpen ? "ranking.deadline" : "ranking.closed", ["deadline": time])
        isCertified = list.certifiedAt != nil
        let isRequired = view.record.cohort.rules.certification == .required
        certified =
            list.certifiedAt.map {
                words("firm.certified", ["time": LocalizedTime.dateTime($0, view.zone, view.language)])
            } ?? words(isRequired ? "firm.uncertified.required" : "firm.uncertified")
        intro = words("firm.intro")
        missing =
            unplaced == 0
            ? nil : words("firm.unranked", ["count": "\(unplaced)", "all": "\(acceptable.count)"])
        none = list.candidates.isEmpty ? words("firm.none") : nil
        form = view.isOpen && !list.candidates.isEmpty ? Form(view, words) : nil
        peopleHeading = words("firm.people")
        people = list.candidates.map { Person($0, view, words) }
        scoreHow = words("firm.score.how")
        criterionColumn = words("firm.criterion")
        valueColumn = words("firm.value")
        pointsColumn = words("firm.points")
        placeLabel = words("firm.place.label")
        markHeading = words("firm.mark.heading")
        markHint = words("firm.mark.hint")
        languagesLabel = words("page.languages")
        languages = LanguageChoice(view.language).options
    }
}

/// The page's texts in its language.
struct FirmWords {
    private let pages: PersonalPages
    private let language: LanguageTag

    init(_ view: FirmView, _ pages: PersonalPages) {
        self.pages = pages
        language = view.language
    }

    func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        pages.text(key, language, values)
    }
}

extension FirmPage.Form {
    fileprivate init(_ view: FirmView, _ words: FirmWords) {
        action = "?lang=\(view.language)"
        position = view.list.record.position.id.description
        version = view.list.ranking.version
        save = words("firm.save")
        propose = view.list.record.position.criteria.isEmpty ? nil : words("firm.propose")
        certify = words("firm.certify")
    }
}
