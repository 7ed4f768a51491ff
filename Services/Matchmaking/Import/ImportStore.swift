import Domain
import Foundation
import Postgres

/// What a cohort holds, as files of it say it.
struct ImportStore: Sendable {
    let tenant: TenantID
    let cohort: CohortID

    func universities(in tx: borrowing Transaction) async throws -> [String: Stored<UniversityEntry>] {
        let rows = try await tx.query(
            """
            SELECT id, code, name, contact FROM matchmaking.universities
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)
            """
        )
        return Dictionary(uniqueKeysWithValues: try rows.map(Self.university))
    }

    func students(in tx: borrowing Transaction) async throws -> [String: Stored<StudentEntry>] {
        let rows = try await tx.query(
            """
            SELECT a.id, u.code, a.name, a.email, a.language, a.economy, a.enrolled_at, a.withdrawn_at
            FROM matchmaking.applicants a
            JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
            WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid)
            """
        )
        return Dictionary(uniqueKeysWithValues: try rows.map(Self.student))
    }

    func update(_ entries: [Stored<UniversityEntry>], in tx: borrowing Transaction) async throws {
        try await tx.execute(
            """
            UPDATE matchmaking.universities AS old
            SET name = entry.name, contact = nullif(entry.contact, 'null')
            FROM unnest(\(entries.map(\.id)), \(entries.map { JSON($0.entry.name) }),
                \(entries.map { JSON($0.entry.contact) })) AS entry (id, name, contact)
            WHERE old.tenant_id = \(tenant.uuid) AND old.cohort_id = \(cohort.uuid) AND old.id = entry.id
            """
        )
    }

    func update(_ entries: [Stored<FirmEntry>], in tx: borrowing Transaction) async throws {
        try await tx.execute(
            """
            UPDATE matchmaking.firms AS old
            SET name = entry.name, capacity = entry.capacity, contact = nullif(entry.contact, 'null')
            FROM unnest(\(entries.map(\.id)), \(entries.map { JSON($0.entry.name) }),
                \(entries.map { Int32($0.entry.capacity) }), \(entries.map { JSON($0.entry.contact) }))
                AS entry (id, name, capacity, contact)
            WHERE old.tenant_id = \(tenant.uuid) AND old.cohort_id = \(cohort.uuid) AND old.id = entry.id
            """
        )
    }

    func update(_ entries: [Stored<StudentEntry>], in tx: borrowing Transaction) async throws {
        try await tx.execute(
            """
            UPDATE matchmaking.applicants AS old SET university_id = university.id, name = entry.name,
                email = entry.email, language = entry.language, economy = entry.economy
            FROM unnest(\(entries.map(\.id)), \(entries.map(\.entry.university.description)),
                \(entries.map(\.entry.name.description)), \(entries.map(\.entry.email.description)),
                \(entries.map(\.entry.language.description)), \(entries.map(\.entry.economy.description)))
                AS entry (id, university, name, email, language, economy)
            JOIN matchmaking.universities AS university ON university.tenant_id = \(tenant.uuid)
                AND university.cohort_id = \(cohort.uuid) AND university.code = entry.university
            WHERE old.tenant_id = \(tenant.uuid) AND old.cohort_id = \(cohort.uuid) AND old.id = entry.id
            """
        )
    }

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func university(_ row: Row) throws -> (String, Stored<UniversityEntry>) {
        let (id, code, name, contact) = try row.decode(
            UUID.self,
            String.self,
            JSON<LocalizedText>.self,
            JSON<Recipient>?.self
        )
        let entry = UniversityEntry(code: try Slug(code), name: name.value, contact: contact?.value)
        return (entry.key, Stored(id: id, entry: entry))
    }

    @inline(never)
    private static func student(_ row: Row) throws -> (String, Stored<StudentEntry>) {
        let applicant = try ApplicantStore.applicant(row)
        let entry = StudentEntry(
            email: applicant.email,
            name: applicant.name,
            university: applicant.university,
            economy: applicant.economy,
            language: applicant.language
        )
        return (entry.key, Stored(id: applicant.id.uuid, entry: entry))
    }
}
