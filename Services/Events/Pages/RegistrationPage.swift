import Domain
import ServiceKit

/// A registration as its owner sees it; also what the question before a cancellation shows.
struct RegistrationPage: Sendable {
    let t: [String: String]
    let languages: [Reader.LanguageLink]
    let language: String
    /// Of this page, without the language.
    let path: String
    let eventPath: String
    let title: String
    let state: String
    let stateText: String?
    /// What a cancellation would mean.
    let question: String
    /// The colour of the state: `good`, `warn` or none.
    let tone: String
    let facts: [Fact]
    let isConfirmed: Bool
    let canCancel: Bool

    init(
        _ registration: RegistrationRecord,
        of event: EventRecord,
        path: String,
        eventPath: String,
        reader: Reader,
        views: PageViews
    ) {
        let language = reader.language
        let strings = views.strings
        let who = registration.registrant
        t = views.texts(language)
        languages = reader.languages
        self.language = language.description
        self.path = path
        self.eventPath = eventPath
        title = event.definition.title[language]
        switch registration.state {
        case .confirmed:
            (state, stateText, tone) = (strings("stateConfirmed", language), nil, "good")
        case .waiting:
            let position = views.count(registration.position ?? 0, language)
            state = strings("stateWaiting", language, ["position": position])
            (stateText, tone) = (strings("stateWaitingText", language), "warn")
        case .cancelled:
            (state, stateText) = (strings("stateCancelled", language), strings("stateCancelledText", language))
            tone = ""
        }
        let optional: [(String, String?)] = [
            ("name", who.recipient.name.description), ("team", who.party.teamName?.description),
            ("organisation", who.organisation?.description),
            ("economy", views.economies.name(of: who.economy, language)),
            ("email", who.recipient.email.description),
        ]
        facts =
            views.facts(event.definition, language)
            + optional.compactMap { key, value in value.map { Fact(label: strings(key, language), value: $0) } }
        question = strings(registration.state == .waiting ? "cancelTextWaiting" : "cancelText", language)
        isConfirmed = registration.state == .confirmed
        canCancel = registration.state != .cancelled
    }
}
