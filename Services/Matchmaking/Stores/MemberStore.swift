import Domain
import Foundation
import Postgres

/// The universities and firms of a tenant's cohorts.
struct MemberStore: Sendable {
    let tenant: TenantID

    /// Which of `codes` universities of the cohort have already.
    func universityCodes(_ codes: [Slug], of cohort: CohortID, in tx: borrowing Transaction) async throws -> Set<String>
    {
        let rows = try await tx.query(
            """
            SELECT code FROM matchmaking.universities
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND code = ANY(\(codes.map(\.description)))
            """
        )
        return Set(try rows.map { try $0.decode(String.self) })
    }

    func firmCodes(_ codes: [Slug], of cohort: CohortID, in tx: borrowing Transaction) async throws -> Set<String> {
        let rows = try await tx.query(
            """
            SELECT code FROM matchmaking.firms
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND code = ANY(\(codes.map(\.description)))
            """
        )
        return Set(try rows.map { try $0.decode(String.self) })
    }

    func insert(_ universities: [University], into cohort: CohortID, in tx: borrowing Transaction) async throws {
        let names = universities.map { JSON($0.name) }
        let contacts = universities.map { JSON($0.contact) }
        try await tx.execute(
            """
            INSERT INTO matchmaking.universities (tenant_id, cohort_id, id, code, name, contact)
            SELECT \(tenant.uuid), \(cohort.uuid), id, code, name, nullif(contact, 'null')
            FROM unnest(\(universities.map(\.id.uuid)), \(universities.map(\.code.description)), \(names),
                \(contacts)) AS entry (id, code, name, contact)
            """
        )
    }

    func insert(_ firms: [Firm], into cohort: CohortID, in tx: borrowing Transaction) async throws {
        let names = firms.map { JSON($0.name) }
        let contacts = firms.map { JSON($0.contact) }
        try await tx.execute(
            """
            INSERT INTO matchmaking.firms (tenant_id, cohort_id, id, code, name, capacity, contact)
            SELECT \(tenant.uuid), \(cohort.uuid), id, code, name, capacity, nullif(contact, 'null')
            FROM unnest(\(firms.map(\.id.uuid)), \(firms.map(\.code.description)), \(names),
                \(firms.map { Int32($0.capacity) }), \(contacts)) AS entry (id, code, name, capacity, contact)
            """
        )
    }

    func universities(
        of cohort: CohortID,
        after id: UUID,
        limit: Int,
        in tx: borrowing Transaction
    ) async throws -> [University] {
        try await tx.query(
            """
            SELECT \(Self.universityColumns) FROM matchmaking.universities
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND id > \(id) ORDER BY id LIMIT \(limit)
            """
        ).map(Self.university)
    }

    func university(_ code: Slug, of cohort: CohortID, in tx: borrowing Transaction) async throws -> UniversityID? {
        try await tx.query(
            """
            SELECT id FROM matchmaking.universities
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND code = \(code.description)
            """
        ).first.map { UniversityID(try $0.decode(UUID.self)) }
    }

    func firms(
        of cohort: CohortID,
        after id: UUID,
        limit: Int,
        in tx: borrowing Transaction
    ) async throws -> [Firm] {
        try await tx.query(
            """
            SELECT \(Self.firmColumns) FROM matchmaking.firms
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND id > \(id) ORDER BY id LIMIT \(limit)
            """
        ).map(Self.firm)
    }

    /// All of the cohort's firms, in the order they joined.
    func firms(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [Firm] {
        try await tx.query(
            """
            SELECT \(Self.firmColumns) FROM matchmaking.firms
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) ORDER BY id
            """
        ).map(Self.firm)
    }

    /// The codes that rules may name.
    func codes(
        of cohort: CohortID,
        in tx: borrowing Transaction
    ) async throws -> (universities: Set<Slug>, firms: Set<Slug>) {
        let universities = try await tx.query(
            """
            SELECT code FROM matchmaking.universities
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)
            """
        )
        let firms = try await tx.query(
            "SELECT code FROM matchmaking.firms WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)"
        )
        return (try Self.codes(universities), try Self.codes(firms))
    }

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func codes(_ rows: [Row]) throws -> Set<Slug> {
        Set(try rows.map { row in try Slug(try row.decode(String.self)) })
    }

    /// Whether this applicant or firm left the cohort.
    func hasLeft(_ id: UUID, in tx: borrowing Transaction) async throws -> Bool {
        try await !tx.query(
            """
            SELECT 1 AS left FROM matchmaking.applicants
            WHERE tenant_id = \(tenant.uuid) AND id = \(id) AND withdrawn_at IS NOT NULL
            UNION ALL SELECT 1 FROM matchmaking.firms
            WHERE tenant_id = \(tenant.uuid) AND id = \(id) AND withdrawn_at IS NOT NULL
            """
        ).isEmpty
    }

    func firm(_ id: FirmID, of cohort: CohortID, in tx: borrowing Transaction) async throws -> Firm? {
        try await tx.query(
            """
            SELECT \(Self.firmColumns) FROM matchmaking.firms
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND id = \(id.uuid)
            """
        ).first.map(Self.firm)
    }

    /// The caller holds the cohort's lock.
    func setCapacity(_ capacity: Int, withdrawnAt: Date?, of firm: FirmID, in tx: borrowing Transaction) {
        tx.enqueue(
            """
            UPDATE matchmaking.firms SET capacity = \(Int32(capacity)), withdrawn_at = \(withdrawnAt)
            WHERE tenant_id = \(tenant.uuid) AND id = \(firm.uuid)
            """
        )
    }

    func university(
        _ id: UniversityID,
        in tx: borrowing Transaction
    ) async throws -> (university: University, cohort: CohortID)? {
        guard
            let row = try await tx.query(
                """
                SELECT \(Self.universityColumns), cohort_id FROM matchmaking.universities
                WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
                """
            ).first
        else { return nil }
        return try Self.universityOfCohort(row)
    }

    func universityNames(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [Slug: LocalizedText] {
        let universities = try await tx.query(
            """
            SELECT \(Self.universityColumns) FROM matchmaking.universities
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)
            """
        ).map(Self.university)
        return Dictionary(uniqueKeysWithValues: universities.map { ($0.code, $0.name) })
    }

    private static let universityColumns: SQL = "id, code, name, contact"
    private static let firmColumns: SQL = "id, code, name, capacity, contact, withdrawn_at"

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func universityOfCohort(_ row: Row) throws -> (University, CohortID) {
        let university = University(
            id: UniversityID(try row.decode(UUID.self, column: "id")),
            code: try Slug(try row.decode(String.self, column: "code")),
            name: try row.decode(JSON<LocalizedText>.self, column: "name").value,
            contact: try row.decode(JSON<Recipient>?.self, column: "contact")?.value
        )
        return (university, CohortID(try row.decode(UUID.self, column: "cohort_id")))
    }

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func university(_ row: Row) throws -> University {
        let (id, code, name, contact) = try row.decode(
            UUID.self,
            String.self,
            JSON<LocalizedText>.self,
            JSON<Recipient>?.self
        )
        return University(id: UniversityID(id), code: try Slug(code), name: name.value, contact: contact?.value)
    }

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func firm(_ row: Row) throws -> Firm {
        let (id, code, name, capacity, contact, withdrawnAt) = try row.decode(
            UUID.self,
            String.self,
            JSON<LocalizedText>.self,
            Int32.self,
            JSON<Recipient>?.self,
            Date?.self
        )
        return Firm(
            id: FirmID(id),
            code: try Slug(code),
            name: name.value,
            capacity: Int(capacity),
            contact: contact?.value,
            withdrawnAt: withdrawnAt
        )
    }
}
