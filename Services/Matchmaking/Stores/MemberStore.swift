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
        try await tx.execute(
            """
            INSERT INTO matchmaking.universities (tenant_id, cohort_id, id, code, name)
            SELECT \(tenant.uuid), \(cohort.uuid), id, code, name
            FROM unnest(\(universities.map(\.id.uuid)), \(universities.map(\.code.description)), \(names))
                AS entry (id, code, name)
            """
        )
    }

    func insert(_ firms: [Firm], into cohort: CohortID, in tx: borrowing Transaction) async throws {
        let names = firms.map { JSON($0.name) }
        try await tx.execute(
            """
            INSERT INTO matchmaking.firms (tenant_id, cohort_id, id, code, name, capacity)
            SELECT \(tenant.uuid), \(cohort.uuid), id, code, name, capacity
            FROM unnest(\(firms.map(\.id.uuid)), \(firms.map(\.code.description)), \(names),
                \(firms.map { Int32($0.capacity) })) AS entry (id, code, name, capacity)
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
            SELECT id, code, name FROM matchmaking.universities
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
            SELECT id, code, name, capacity FROM matchmaking.firms
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND id > \(id) ORDER BY id LIMIT \(limit)
            """
        ).map(Self.firm)
    }

    /// All of the cohort's firms, in the order they joined.
    func firms(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [Firm] {
        try await tx.query(
            """
            SELECT id, code, name, capacity FROM matchmaking.firms
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) ORDER BY id
            """
        ).map(Self.firm)
    }

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func university(_ row: Row) throws -> University {
        let (id, code, name) = try row.decode(UUID.self, String.self, JSON<LocalizedText>.self)
        return University(id: UniversityID(id), code: try Slug(code), name: name.value)
    }

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func firm(_ row: Row) throws -> Firm {
        let (id, code, name, capacity) = try row.decode(
            UUID.self,
            String.self,
            JSON<LocalizedText>.self,
            Int32.self
        )
        return Firm(id: FirmID(id), code: try Slug(code), name: name.value, capacity: Int(capacity))
    }
}
