import Domain
import Foundation
import ServiceKit

/// A university's own students in a cohort, and whether they are confirmed.
struct UniversityPage: Sendable {
    struct Student: Sendable {
        let field: String
        let name: String
        let state: String
        let isConfirmed: Bool
    }

    static let fieldPrefix = "student-"

    let title: String
    let notice: Notice?
    let intro: String
    let hasStudents: Bool
    let emptyText: String
    let caption: String
    let nameColumn: String
    let stateColumn: String
    let students: [Student]
    /// `nil` where there is nothing to confirm.
    let button: String?
    let action: String
    /// `nil` where nobody can be nominated any more.
    let nomination: NominationForm?
    let languagesLabel: String
    let languages: [LanguageChoice.Option]
}

/// What the page is made of.
struct UniversityView: Sendable {
    let university: University
    let record: CohortRecord
    let students: [Applicant]
    let choices: NominationChoices
    let mayNominate: Bool
    let zone: TimeZoneID
    let language: LanguageTag
}

extension UniversityPage {
    init(_ view: UniversityView, _ pages: PersonalPages, notice: Notice?, entered: EnteredNomination) {
        let language = view.language
        let cohort = view.record.cohort
        title = pages.text(
            "university.title",
            language,
            ["university": view.university.name[language], "cohort": cohort.title[language]]
        )
        self.notice = notice
        intro = pages.text(
            "university.intro",
            language,
            ["deadline": LocalizedTime.dateTime(cohort.rankingDeadline, view.zone, language)]
        )
        emptyText = pages.text("university.none", language)
        caption = pages.text("university.caption", language)
        nameColumn = pages.text("university.name", language)
        stateColumn = pages.text("university.enrolment", language)
        let isOpen = cohort.state.isJoining
        students = view.students.map { student in
            let isConfirmed = student.enrolledAt != nil
            return Student(
                field: isConfirmed || !isOpen ? "" : Self.fieldPrefix + student.id.description,
                name: student.name.description,
                state: pages.text(isConfirmed ? "university.confirmed" : "university.unconfirmed", language),
                isConfirmed: isConfirmed || !isOpen
            )
        }
        hasStudents = !students.isEmpty
        button = students.allSatisfy(\.isConfirmed) ? nil : pages.text("university.confirm", language)
        action = "?lang=\(language)"
        nomination = view.mayNominate ? NominationForm(entered, view.choices, pages, language) : nil
        languagesLabel = pages.text("page.languages", language)
        languages = LanguageChoice(language).options
    }
}
