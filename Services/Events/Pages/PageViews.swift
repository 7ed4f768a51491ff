import Domain
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// What all pages are made with: templates, texts, names of economies.
struct PageViews: Sendable {
    let renderer: PageRenderer
    let strings: Strings
    let economies: Economies
    /// All texts by language and key, for templates to take what they name: `{{t.register}}`.
    private let texts: [LanguageTag: [String: String]]

    init() throws {
        renderer = try PageRenderer(bundle: .module)
        let strings = try Strings(bundle: .module)
        self.strings = strings
        economies = Economies()
        let file = Bundle.module.bundleURL.appending(path: "Resources/Strings/en.json")
        let keys = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file)).keys
        texts = Dictionary(
            uniqueKeysWithValues: LanguageTag.supported.map { language in
                (language, Dictionary(uniqueKeysWithValues: keys.map { ($0, strings($0, language)) }))
            }
        )
    }

    func texts(_ language: LanguageTag) -> [String: String] { texts[language] ?? [:] }

    func count(_ number: Int, _ language: LanguageTag) -> String {
        number.formatted(.number.locale(Locale(identifier: language.description)))
    }

    func kind(_ kind: EventKind, _ language: LanguageTag) -> String {
        switch kind {
        case .forum: strings("kindForum", language)
        case .summit: strings("kindSummit", language)
        case .tradeShow: strings("kindTradeShow", language)
        case .training: strings("kindTraining", language)
        }
    }

    /// When and where.
    func facts(_ event: EventDefinition, _ language: LanguageTag) -> [Fact] {
        [
            Fact(
                label: strings("when", language),
                value: LocalizedTime.interval(from: event.startsAt, to: event.endsAt, event.timeZone, language)
            ),
            Fact(label: strings("where", language), value: event.venue[language]),
        ]
    }
}

/// One line of a list of facts or figures.
struct Fact: Sendable {
    let label: String
    let value: String
}
