import Domain

/// How an applicant leaves the cohort.
struct WithdrawalForm: Sendable {
    let heading: String
    let hint: String
    let action: String
    let sure: String
    let button: String

    /// `nil` for somebody who has left, or where the cohort is at an end.
    init?(_ applicant: Applicant, in cohort: Cohort, _ pages: PersonalPages, _ language: LanguageTag) {
        guard applicant.withdrawnAt == nil, cohort.state != .closed else { return nil }
        heading = pages.text("withdrawal.heading", language)
        hint = pages.text("withdrawal.hint", language)
        action = "?lang=\(language)"
        sure = pages.text("withdrawal.sure", language)
        button = pages.text("withdrawal.button", language)
    }
}
