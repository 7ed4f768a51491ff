import Domain
import Foundation
import Postgres

/// The applicants of a tenant's cohorts.
struct ApplicantStore: Sendable {
    let tenant: TenantID

    /// Which of `mailboxes` belong to applicants of the cohort already.
    func mailboxes(
        _ mailboxes: [String],
        of cohort: CohortID,
        in tx: borrowing Transaction
    ) async throws -> Set<String> {
        let rows = try await tx.query(
            """
            SELECT mailbox FROM matchmaking.applicants
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND mailbox = ANY(\(mailboxes))
            """
        )
        return Set(try rows.map { try $0.decode(String.self) })
    }

    func insert(
        _ applicants: [Applicant],
        of university: UniversityID,
        into cohort: CohortID,
        in tx: borrowing Transaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO matchmaking.applicants
                (tenant_id, cohort_id, university_id, id, economy, language, name, email, mailbox)
            SELECT \(tenant.uuid), \(cohort.uuid), \(university.uuid), id, economy, language, name, email, mailbox
            FROM unnest(\(applicants.map(\.id.uuid)), \(applicants.map(\.economy.description)),
                \(applicants.map(\.language.description)), \(applicants.map(\.name.description)),
                \(applicants.map(\.email.description)), \(applicants.map(\.email.mailboxKey)))
                AS entry (id, economy, language, name, email, mailbox)
            """
        )
    }

    func list(
        of cohort: CohortID,
        after id: UUID,
        limit: Int,
        in tx: borrowing Transaction
    ) async throws -> [Applicant] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.applicants a
            JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
            WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid) AND a.id > \(id)
            ORDER BY a.id LIMIT \(limit)
            """
        ).map(Self.applicant)
    }

    /// An applicant and the cohort they belong to; `nil` if the tenant has none with this id.
    func find(_ id: ApplicantID, in tx: borrowing Transaction) async throws -> (applicant: Applicant, cohort: CohortID)?
    {
        guard
            let row = try await tx.query(
                """
                SELECT \(Self.columns), a.cohort_id FROM matchmaking.applicants a
                JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
                WHERE a.tenant_id = \(tenant.uuid) AND a.id = \(id.uuid)
                """
            ).first
        else { return nil }
        return (try Self.applicant(row), CohortID(try row.decode(UUID.self, column: "cohort_id")))
    }

    /// What rules ask of those who take part.
    func ruled(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [RuledApplicant] {
        try await tx.query(
            """
            SELECT a.id, u.code, a.economy, a.enrolled_at IS NOT NULL FROM matchmaking.applicants a
            JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
            WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid) AND a.withdrawn_at IS NULL
            ORDER BY a.id
            """
        ).map { row in
            let (id, university, economy, isEnrolled) = try row.decode(UUID.self, String.self, String.self, Bool.self)
            return RuledApplicant(
                id: ApplicantID(id),
                university: try Slug(university),
                economy: try EconomyCode(economy),
                isEnrolled: isEnrolled
            )
        }
    }

    /// All who take part, in the order they joined.
    func active(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [Applicant] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.applicants a
            JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
            WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid) AND a.withdrawn_at IS NULL
            ORDER BY a.id
            """
        ).map(Self.applicant)
    }

    /// Stores who has left or is enrolled. The caller holds the cohort's lock.
    func save(_ applicant: Applicant, in tx: borrowing Transaction) {
        tx.enqueue(
            """
            UPDATE matchmaking.applicants
            SET enrolled_at = \(applicant.enrolledAt), withdrawn_at = \(applicant.withdrawnAt)
            WHERE tenant_id = \(tenant.uuid) AND id = \(applicant.id.uuid)
            """
        )
    }

    /// A university's own students who take part, in the order they were nominated.
    func students(
        of university: UniversityID,
        in tx: borrowing Transaction
    ) async throws -> [Applicant] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.applicants a
            JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
            WHERE a.tenant_id = \(tenant.uuid) AND a.university_id = \(university.uuid) AND a.withdrawn_at IS NULL
            ORDER BY a.id
            """
        ).map(Self.applicant)
    }

    /// Those who take part and hold no place.
    func waiting(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [Applicant] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.applicants a
            JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
            WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid) AND a.withdrawn_at IS NULL
                AND NOT EXISTS (SELECT FROM matchmaking.offers o
                    WHERE o.tenant_id = a.tenant_id AND o.applicant_id = a.id AND o.state <> 'revoked')
            ORDER BY a.id
            """
        ).map(Self.applicant)
    }

    private static let columns: SQL = """
        a.id, u.code, a.name, a.email, a.language, a.economy, a.enrolled_at, a.withdrawn_at
        """

    static func applicant(_ row: Row) throws -> Applicant {
        Applicant(
            id: ApplicantID(try row.decode(UUID.self, column: "id")),
            university: try Slug(try row.decode(String.self, column: "code")),
            name: try PersonName(try row.decode(String.self, column: "name")),
            email: try EmailAddress(try row.decode(String.self, column: "email")),
            language: try LanguageTag(try row.decode(String.self, column: "language")),
            economy: try EconomyCode(try row.decode(String.self, column: "economy")),
            enrolledAt: try row.decode(Date?.self, column: "enrolled_at"),
            withdrawnAt: try row.decode(Date?.self, column: "withdrawn_at")
        )
    }
}
