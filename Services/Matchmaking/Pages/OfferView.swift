import Domain
import Foundation
import ServiceKit

/// How an applicant's offer stands, and the ways to answer it for as long as it is open.
struct OfferView: Sendable {
    struct Form: Sendable {
        let action: String
        let offer: String
        let accept: String
        /// `nil` once that was asked.
        let deferral: Deferral?
        let declineHeading: String
        let declineHint: String
        let sure: String
        let decline: String
    }

    struct Deferral: Sendable {
        let hint: String
        let button: String
    }

    let heading: String
    let text: String
    let form: Form?

    init(_ offer: Offer, at now: Date, zone: TimeZoneID, _ pages: PersonalPages, _ language: LanguageTag) {
        let isOpen = offer.isOpen(at: now)
        heading = pages.text("result.offer.heading", language)
        text = pages.text(
            "result.offer.state.\(offer.state(at: now).rawValue)",
            language,
            ["deadline": LocalizedTime.dateTime(offer.deadline, zone, language)]
        )
        form =
            isOpen
            ? Form(
                action: "?lang=\(language)",
                offer: offer.id.description,
                accept: pages.text("result.offer.accept", language),
                deferral: offer.state == .deferralAsked
                    ? nil
                    : Deferral(
                        hint: pages.text("result.offer.defer.hint", language),
                        button: pages.text("result.offer.defer", language)
                    ),
                declineHeading: pages.text("result.offer.decline.heading", language),
                declineHint: pages.text("result.offer.decline.hint", language),
                sure: pages.text("result.offer.sure", language),
                decline: pages.text("result.offer.decline", language)
            ) : nil
    }
}
