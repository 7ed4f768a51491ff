import Domain
import Foundation
import Hummingbird
import ServiceKit

/// What an applicant looks for among the positions: words, a working language, a location.
struct PositionSearch: Sendable, Hashable {
    var words: String
    var language: String
    var location: String

    init(_ request: Request) {
        let fields = request.uri.query?.split(separator: "&") ?? []
        /// As browsers send forms: a plus sign is a space.
        func value(_ name: String) -> String {
            let field = fields.first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1)
            let text = field.flatMap { String($0).replacing("+", with: " ").removingPercentEncoding }
            return String((text ?? "").prefix(100))
        }
        words = value("q")
        language = value("working")
        location = value("place")
    }

    /// Whether all words stand in what is told of the position, in any of its languages.
    func finds(_ record: PositionRecord) -> Bool {
        let about = record.position.description
        if !language.isEmpty, about?.workingLanguage.description != language { return false }
        if !location.isEmpty, about?.location?.description != location { return false }
        let texts = [record.firmName, about?.title, about?.text].compactMap { $0 }.flatMap(\.texts.values)
        let hay = (texts + [about?.location?.description ?? ""]).joined(separator: "\n").lowercased()
        return words.lowercased().split(whereSeparator: \.isWhitespace).allSatisfy { hay.contains($0) }
    }
}

/// The part of the ranking page that finds positions and adds them to the list. It works without scripts.
struct PositionFinder: Sendable {
    struct Option: Sendable {
        let value: String
        let text: String
        let isSelected: Bool
    }

    struct Choice: Sendable {
        let name: String
        let label: String
        let options: [Option]
    }

    struct Found: Sendable {
        let id: String
        let name: String
        let about: String
        let text: String?
        /// The label of the button that adds it; `nil` for what is on the list.
        let add: String?
        let onList: String?
    }

    let heading: String
    let wordsLabel: String
    let words: String
    let choices: [Choice]
    let search: String
    let language: String
    let count: String
    let action: String
    let version: Int
    let found: [Found]
}

extension PositionFinder {
    init(_ view: RankingView, _ search: PositionSearch, _ pages: PersonalPages) {
        let language = view.language
        func text(_ key: String, _ values: [String: String] = [:]) -> String { pages.text(key, language, values) }
        let found = view.positions.filter(search.finds)
        heading = text("finder.heading")
        wordsLabel = text("finder.words")
        words = search.words
        choices = Self.choices(view, search, any: text("finder.any"), text("finder.language"), text("finder.place"))
        self.search = text("finder.search")
        self.language = language.description
        count = text("finder.count", ["count": "\(found.count)", "all": "\(view.positions.count)"])
        action = "?lang=\(language)"
        version = view.ranking.version
        let listed = Set(view.ranking.ranking.ids)
        let isFull = listed.count >= view.record.cohort.maximumChoices
        // A phone can show so many; words narrow them down.
        self.found = found.prefix(100).map { record in
            let position = record.position
            let name = record.name(language)
            let isListed = listed.contains(position.id)
            return Found(
                id: position.id.description,
                name: name,
                about: Self.about(record, language, places: text("firm.places", ["places": "\(position.places)"])),
                text: position.description?.text?[language],
                add: isListed || isFull ? nil : text("finder.add", ["name": name]),
                onList: isListed ? text("finder.listed") : nil
            )
        }
    }

    private static func about(_ record: PositionRecord, _ language: LanguageTag, places: String) -> String {
        let about = record.position.description
        return [places, about.map { LanguageChoice.name(of: $0.workingLanguage) }, about?.location?.description]
            .compactMap(\.self).joined(separator: " · ")
    }

    /// A filter for each thing in which positions differ.
    private static func choices(
        _ view: RankingView,
        _ search: PositionSearch,
        any: String,
        _ languageLabel: String,
        _ placeLabel: String
    ) -> [Choice] {
        let all = view.positions.compactMap(\.position.description)
        let languages = Set(all.map(\.workingLanguage)).map { ($0.description, LanguageChoice.name(of: $0)) }
        let places = Set(all.compactMap(\.location)).map { ($0.description, $0.description) }
        func choice(_ name: String, _ label: String, _ values: [(String, String)], _ selected: String) -> Choice? {
            guard values.count > 1 else { return nil }
            let options = values.sorted { $0.1 < $1.1 }.map { Option(value: $0, text: $1, isSelected: $0 == selected) }
            return Choice(
                name: name,
                label: label,
                options: [Option(value: "", text: any, isSelected: selected.isEmpty)] + options
            )
        }
        return [
            choice("working", languageLabel, languages, search.language),
            choice("place", placeLabel, places, search.location),
        ].compactMap(\.self)
    }
}
