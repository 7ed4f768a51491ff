import Domain
import Foundation

/// What a place brings and what it obliges to.
struct TermsView: Sendable {
    struct Amount: Sendable {
        let label: String
        let value: String
    }

    let heading: String
    let text: String?
    let amounts: [Amount]
    let hasAmounts: Bool
    let service: String?

    init(_ terms: Terms, _ pages: PersonalPages, _ language: LanguageTag) {
        heading = pages.text("result.terms.heading", language)
        text = terms.text?[language]
        amounts = terms.amounts.map { amount in
            Amount(
                label: amount.label[language],
                value: pages.text(
                    "result.terms.per.\(amount.per.rawValue)",
                    language,
                    ["amount": Self.money(amount, language)]
                )
            )
        }
        hasAmounts = !amounts.isEmpty
        service = terms.yearsOfService.map { pages.text("result.terms.service", language, ["years": "\($0)"]) }
    }

    /// Such as `12.000,50 TWD`: the code is the same in all languages and for all readers.
    private static func money(_ amount: Terms.Amount, _ language: LanguageTag) -> String {
        let digits = amount.currency.digits
        let unit = (0..<digits).reduce(Decimal(1)) { unit, _ in unit * 10 }
        let isWhole = amount.minor % NSDecimalNumber(decimal: unit).intValue == 0
        let style = Decimal.FormatStyle(locale: Locale(identifier: language.description))
            .precision(.fractionLength(isWhole ? 0 : digits))
        return "\((Decimal(amount.minor) / unit).formatted(style)) \(amount.currency)"
    }
}
