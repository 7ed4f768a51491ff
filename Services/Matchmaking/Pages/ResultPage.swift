import Domain
import Foundation
import ServiceKit

/// An applicant's result and how it came about, in their words.
struct ResultPage: Sendable {
    struct Step: Sendable {
        let choice: Int
        let text: String
    }

    struct Change: Sendable {
        let heading: String
        let text: String
    }

    struct Result: Sendable {
        let kind: String
        let outcome: String
        let choice: String?
        let offer: OfferView?
        let terms: TermsView?
        let stepsHeading: String
        let stepsIntro: String
        let hasSteps: Bool
        let steps: [Step]
        let emptyList: String
        let change: Change?
        let lotteryHeading: String
        let lotteryText: String
        let numberLabel: String
        let number: String
        let seedLabel: String
        let seed: String
        let commitmentLabel: String
        let commitment: String
    }

    let title: String
    let greeting: String
    let notice: Notice?
    let notYet: String
    let result: Result?
    let withdrawal: WithdrawalForm?
    let languagesLabel: String
    let languages: [LanguageChoice.Option]
}

/// What the page is made of.
struct ResultView: Sendable {
    let applicant: Applicant
    let record: CohortRecord
    let zone: TimeZoneID
    let firms: [FirmID: Firm]
    /// By code.
    let universities: [Slug: LocalizedText]
    /// `nil` until it is published.
    let placement: PlacementRecord?
    let offer: Offer?
    let language: LanguageTag
    let now: Date
}

extension ResultPage {
    init(_ view: ResultView, _ pages: PersonalPages, notice: Notice?) {
        let language = view.language
        title = pages.text("result.title", language, ["cohort": view.record.cohort.title[language]])
        greeting = pages.text("page.greeting", language, ["name": view.applicant.name.description])
        self.notice = notice
        notYet = pages.text("result.notYet", language)
        result = view.placement.map { Result(view, $0, pages) }
        // Whoever gave a place up, or let it go, is out already.
        let isOut = view.offer.map { offer in
            let state = offer.state(at: view.now)
            return !state.holdsPlace && state != .revoked
        }
        withdrawal = isOut == true ? nil : WithdrawalForm(view.applicant, in: view.record.cohort, pages, language)
        languagesLabel = pages.text("page.languages", language)
        languages = LanguageChoice(language).options
    }
}

extension ResultPage.Result {
    fileprivate init(_ view: ResultView, _ placement: PlacementRecord, _ pages: PersonalPages) {
        let language = view.language
        let words = ExplanationWords(
            pages: pages,
            language: language,
            firms: view.firms,
            universities: view.universities
        )
        // A place that was offered and is gone again is not promised in large letters.
        let isOver = view.offer.map { !$0.state(at: view.now).holdsPlace } ?? false
        kind = placement.firm == nil || isOver ? "warn" : "good"
        outcome =
            placement.firm.map {
                pages.text(isOver ? "result.offered" : "result.placed", language, ["firm": words.name($0)])
            } ?? pages.text("result.unplaced", language)
        offer = view.offer.map { OfferView($0, at: view.now, zone: view.zone, pages, language) }
        choice = placement.choice.map { pages.text("result.choice", language, ["choice": "\($0)"]) }
        terms =
            placement.firm == nil || isOver
            ? nil : view.record.cohort.rules.terms.map { TermsView($0, pages, language) }
        stepsHeading = pages.text("result.steps.heading", language)
        stepsIntro = pages.text("result.steps.intro", language)
        steps = placement.explanation.steps.map {
            .init(choice: $0.choice, text: words.step($0, own: placement.lottery))
        }
        hasSteps = !steps.isEmpty
        emptyList = pages.text(
            placement.explanation.excluded.map { "result.excluded.\($0.rawValue)" } ?? "result.steps.none",
            language
        )
        change = placement.explanation.change.map {
            .init(heading: pages.text("result.change.heading", language), text: words.change($0))
        }
        lotteryHeading = pages.text("result.lottery.heading", language)
        lotteryText = pages.text("result.lottery.text", language)
        numberLabel = pages.text("result.lottery.number", language)
        number = placement.lottery
        seedLabel = pages.text("lottery.seed", language)
        seed = view.record.publicSeed ?? ""
        commitmentLabel = pages.text("lottery.commitment", language)
        commitment = view.record.seed.commitment
    }
}
