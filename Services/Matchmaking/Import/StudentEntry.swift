import Domain
import Foundation
import Postgres

struct StudentEntry: ImportEntry {
    static let columns = ImportColumns(
        required: ["email", "name", "university", "economy", "language"],
        hasNames: false,
        hasContact: false
    )
    static let keyColumn = "email"
    let email: EmailAddress
    let name: PersonName
    /// The university's code.
    let university: Slug
    let economy: EconomyCode
    let language: LanguageTag
    /// Equal for addresses that count as one person's.
    var key: String { email.mailboxKey }
    static let universityColumn: String? = "university"

    static func member(_ id: UUID) -> CohortMember { CohortMember(ApplicantID(id)) }
}

extension StudentEntry {
    init?(_ row: inout RowReader) {
        let email: EmailAddress? = row.value("email", orElse: .email)
        let name: PersonName? = row.value("name", orElse: .name)
        let university: Slug? = row.value("university", orElse: .university)
        let economy: EconomyCode? = row.value("economy", orElse: .economy)
        let language: LanguageTag? = row.value("language", orElse: .language)
        guard let email, let name, let university, let economy, let language else { return nil }
        self.init(email: email, name: name, university: university, economy: economy, language: language)
    }

    static func stored(
        in store: ImportStore,
        _ tx: borrowing Transaction
    ) async throws -> [String: Stored<StudentEntry>] {
        try await store.students(in: tx)
    }

    static func insert(
        _ entries: [Stored<StudentEntry>],
        in store: ImportStore,
        _ tx: borrowing Transaction
    ) async throws {
        let universities = try await store.universities(in: tx)
        for (code, entries) in Dictionary(grouping: entries, by: \.entry.university) {
            guard let university = universities[code.description] else { continue }
            try await ApplicantStore(tenant: store.tenant)
                .insert(entries.map(applicant), of: UniversityID(university.id), into: store.cohort, in: tx)
        }
    }

    static func update(
        _ entries: [Stored<StudentEntry>],
        in store: ImportStore,
        _ tx: borrowing Transaction
    ) async throws {
        try await store.update(entries, in: tx)
    }

    static func applicant(_ stored: Stored<StudentEntry>) -> Applicant {
        let entry = stored.entry
        return Applicant(
            id: ApplicantID(stored.id),
            university: entry.university,
            name: entry.name,
            email: entry.email,
            language: entry.language,
            economy: entry.economy
        )
    }
}
