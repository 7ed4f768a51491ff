import Domain
import Foundation

/// The form by which a coordinator nominates one student. What was entered stays, with what is wrong beside its field.
struct NominationForm: Sendable {
    struct Option: Sendable {
        let value: String
        let text: String
        let isSelected: Bool
    }

    struct Field: Sendable {
        let name: String
        let label: String
        let error: String?
        /// Of an input; `nil` for a choice.
        let input: Input?
        let options: [Option]
        let isChoice: Bool
    }

    struct Input: Sendable {
        let value: String
        let kind: String
        /// For the browser's own help.
        let autocomplete: String
    }

    struct Summary: Sendable {
        let text: String
        let links: [Field]
    }

    let heading: String
    let text: String
    let action: String
    let summary: Summary?
    let fields: [Field]
    let button: String
}

extension NominationForm {
    init(
        _ entered: EnteredNomination,
        _ choices: NominationChoices,
        _ pages: PersonalPages,
        _ language: LanguageTag
    ) {
        func text(_ key: String) -> String { pages.text("university.\(key)", language) }
        func field(_ name: EnteredNomination.Field, _ options: [(String, String)]? = nil, kind: String = "text")
            -> Field
        {
            let value = entered.values[name] ?? ""
            return Field(
                name: name.rawValue,
                label: text("field.\(name.rawValue)"),
                error: entered.faults[name].map { pages.text($0.rawValue, language) },
                input: options == nil ? Input(value: value, kind: kind, autocomplete: "off") : nil,
                options: (options.map { [("", text("choose"))] + $0 } ?? []).map {
                    Option(value: $0, text: $1, isSelected: $0 == value)
                },
                isChoice: options != nil
            )
        }
        heading = text("nominate.heading")
        self.text = text("nominate.text")
        action = "?lang=\(language)"
        button = text("nominate")
        let economies = choices.economies.map { ($0.description, $0.name(language)) }.sorted { $0.1 < $1.1 }
        let disciplines = choices.disciplines.map { ($0.description, $0.description) }
        let fields = [
            field(.name), field(.email, kind: "email"),
            field(.language, LanguageChoice(language).options.map { ($0.tag, $0.name) }),
            field(.economy, economies), disciplines.isEmpty ? nil : field(.discipline, disciplines),
        ].compactMap(\.self)
        self.fields = fields
        let faulty = fields.filter { $0.error != nil }
        summary = faulty.isEmpty ? nil : Summary(text: pages.text("ranking.faults", language), links: faulty)
    }
}
