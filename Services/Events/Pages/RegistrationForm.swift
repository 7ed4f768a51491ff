import Domain

/// What the registration form was sent with: any of it may be missing or wrong.
struct RegistrationForm: Decodable, Sendable {
    var name: String?
    var email: String?
    var organisation: String?
    var economy: String?
    var language: String?

    enum Field: String, CaseIterable, Sendable {
        case name, email, organisation, economy, language

        /// The text that says what is wrong with it.
        var errorKey: String {
            switch self {
            case .name: "errorName"
            case .email: "errorEmail"
            case .organisation: "errorOrganisation"
            case .economy: "errorEconomy"
            case .language: "errorLanguage"
            }
        }
    }

    enum Outcome: Sendable {
        case valid(Registrant)
        /// In the order of the form.
        case invalid([Field])
    }

    /// Parses each field, so that all that is wrong is told at once.
    func parse(economies: Economies) -> Outcome {
        let name = try? PersonName(self.name ?? "")
        let email = try? EmailAddress((self.email ?? "").trimmed)
        let organisationText = (self.organisation ?? "").trimmed
        let organisation = try? OrganisationName(organisationText)
        let economy = (try? EconomyCode(self.economy ?? "")).flatMap { economies.contains($0) ? $0 : nil }
        let language = (try? LanguageTag(self.language ?? "")).flatMap { tag in
            LanguageTag.supported.contains(tag) ? tag : nil
        }
        guard let name, let email, let economy, let language, organisation != nil || organisationText.isEmpty else {
            return .invalid(
                Field.allCases.filter { field in
                    switch field {
                    case .name: name == nil
                    case .email: email == nil
                    case .organisation: organisation == nil && !organisationText.isEmpty
                    case .economy: economy == nil
                    case .language: language == nil
                    }
                }
            )
        }
        return .valid(
            Registrant(
                party: .person,
                recipient: Recipient(name: name, email: email, language: language),
                economy: economy,
                organisation: organisation
            )
        )
    }
}

extension String {
    /// Without white space at its ends, which keyboards of phones like to add.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
