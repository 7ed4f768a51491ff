import Domain
import ServiceKit

/// The registration form as `form.mustache` shows it, with what was entered and what is wrong with it.
struct FormModel: Sendable {
    struct Input: Sendable {
        let id, label, type, autocomplete, value: String
        let maximum: Int
        let isOptional: Bool
        let hint: String?
        let error: String?
        /// The ids of hint and error, for screen readers.
        let describedBy: String?
    }

    struct Select: Sendable {
        let id, label, autocomplete: String
        let hasBlank: Bool
        let groups: [Group]
        let error: String?
    }

    struct Group: Sendable {
        let groupLabel: String?
        let options: [Option]
    }

    struct Option: Sendable {
        let value: String
        let name: String
        let isSelected: Bool
    }

    struct FieldError: Sendable {
        let field: String
        let text: String
    }

    let action: String
    let introduction: String?
    let submit: String
    let inputs: [Input]
    let selects: [Select]
    let errors: [FieldError]
    let hasErrors: Bool

    init(
        _ form: RegistrationForm,
        invalid: [RegistrationForm.Field],
        event: EventRecord,
        action: String,
        views: PageViews,
        language: LanguageTag
    ) {
        let strings = views.strings
        let isFull = event.places.free == 0 || event.places.waiting > 0
        self.action = action
        introduction = isFull ? strings("full", language) : nil
        submit = strings(isFull ? "joinWaitingList" : "register", language)
        func error(_ field: RegistrationForm.Field) -> String? {
            invalid.contains(field) ? strings(field.errorKey, language) : nil
        }
        func input(_ field: RegistrationForm.Field, _ type: String, _ autocomplete: String, _ value: String?) -> Input {
            let id = field.rawValue
            let hint = field == .email ? strings("emailHint", language) : nil
            let described = [hint.map { _ in "\(id)-hint" }, error(field).map { _ in "\(id)-error" }].compactMap(\.self)
            return Input(
                id: id,
                label: strings(id, language),
                type: type,
                autocomplete: autocomplete,
                value: value ?? "",
                maximum: field == .email ? 254 : 200,
                isOptional: field == .organisation,
                hint: hint,
                error: error(field),
                describedBy: described.isEmpty ? nil : described.joined(separator: " ")
            )
        }
        inputs = [
            input(.name, "text", "name", form.name),
            input(.email, "email", "email", form.email),
            input(.organisation, "text", "organization", form.organisation),
        ]
        let chosen = form.language ?? language.description
        selects = [
            Select(
                id: "economy",
                label: strings("economy", language),
                autocomplete: "country",
                hasBlank: true,
                groups: [
                    ("economiesCommon", views.economies.common(language)),
                    ("economiesOther", views.economies.others(language)),
                ].map { key, economies in
                    Group(
                        groupLabel: strings(key, language),
                        options: economies.map {
                            Option(value: $0.code, name: $0.name, isSelected: $0.code == form.economy)
                        }
                    )
                },
                error: error(.economy)
            ),
            Select(
                id: "language",
                label: strings("mailLanguage", language),
                autocomplete: "off",
                hasBlank: false,
                groups: [
                    Group(
                        groupLabel: nil,
                        options: LanguageTag.supported.map { tag in
                            let name = Reader.name(of: tag)
                            return Option(value: tag.description, name: name, isSelected: tag.description == chosen)
                        }
                    )
                ],
                error: error(.language)
            ),
        ]
        errors = invalid.map { FieldError(field: $0.rawValue, text: strings($0.errorKey, language)) }
        hasErrors = !invalid.isEmpty
    }
}
