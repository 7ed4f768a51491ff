import Domain
import ServiceKit

/// What stands in the form by which a coordinator nominates a student, and what is wrong with it.
struct EnteredNomination: Sendable {
    enum Field: String, Sendable, CaseIterable {
        case name, email, language, economy, discipline
    }

    /// The raw value names its text.
    enum Fault: String, Sendable {
        case name = "university.fault.name"
        case email = "university.fault.email"
        case language = "university.fault.language"
        case economy = "university.fault.economy"
        case discipline = "university.fault.discipline"
        case taken = "university.fault.taken"
    }

    private(set) var values: [Field: String] = [:]
    private(set) var faults: [Field: Fault] = [:]
    private(set) var applicant: Applicant?
    private(set) var discipline: Slug?

    /// An empty form.
    init() {}

    init(_ form: [String: String], of university: Slug, offering choices: NominationChoices) {
        for field in Field.allCases { values[field] = form[field.rawValue] }
        let name: PersonName? = value(.name, orElse: .name)
        let email: EmailAddress? = value(.email, orElse: .email)
        let language: LanguageTag? = value(.language, orElse: .language)
        let economy: EconomyCode? = value(.economy, orElse: .economy)
        if let economy, !choices.economies.contains(economy) { faults[.economy] = .economy }
        if values[.discipline, default: ""] != "" {
            discipline = value(.discipline, orElse: .discipline)
            if let discipline, !choices.disciplines.contains(discipline) { faults[.discipline] = .discipline }
        }
        guard faults.isEmpty, let name, let email, let language, let economy else { return }
        applicant = Applicant(
            id: ApplicantID(),
            university: university,
            name: name,
            email: email,
            language: language,
            economy: economy
        )
    }

    private mutating func value<Value: ParsedValue>(_ field: Field, orElse fault: Fault) -> Value? {
        let value = try? Value(values[field] ?? "")
        if value == nil { faults[field] = fault }
        return value
    }

    /// Takes what was refused of the one student over into the form; tells whether there was anything of it.
    mutating func take(_ refused: Problem) -> Bool {
        for error in refused.errors {
            switch error.pointer {
            case "/students/0/email": faults[.email] = .taken
            case "/students/0/economy": faults[.economy] = .economy
            default: break
            }
        }
        return !faults.isEmpty
    }
}
