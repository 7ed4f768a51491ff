import Domain
import Foundation
import Postgres

/// A version of a cohort's rules, as it was set.
struct RulesRecord: Sendable {
    let version: Int
    let createdAt: Date
    let effectiveFrom: Date
    let author: String
    let reason: String?
    let rules: CohortRules
}

/// The rules of a tenant's cohorts, in all their versions. They can be added to and read, never changed.
struct RulesStore: Sendable {
    let tenant: TenantID

    func insert(_ record: RulesRecord, of cohort: CohortID, in tx: borrowing Transaction) {
        tx.enqueue(
            """
            INSERT INTO matchmaking.rules
                (tenant_id, cohort_id, version, created_at, effective_from, author, reason, body)
            VALUES (\(tenant.uuid), \(cohort.uuid), \(record.version), \(record.createdAt), \(record.effectiveFrom),
                \(record.author), \(record.reason), \(JSON(record.rules)))
            """
        )
    }

    /// What is in force now. The first version is until another is.
    func inForce(
        of cohorts: [CohortID],
        at now: Date = Date(),
        in tx: borrowing Transaction
    ) async throws -> [CohortID: RulesRecord] {
        let rows = try await tx.query(
            """
            SELECT DISTINCT ON (cohort_id) \(Self.columns) FROM matchmaking.rules
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = ANY(\(cohorts.map(\.uuid)))
                AND (effective_from <= \(now) OR version = 1)
            ORDER BY cohort_id, effective_from DESC, version DESC
            """
        )
        return Dictionary(uniqueKeysWithValues: try rows.map(Self.record))
    }

    /// Oldest first.
    func list(
        of cohort: CohortID,
        after version: Int,
        limit: Int,
        in tx: borrowing Transaction
    ) async throws -> [RulesRecord] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.rules
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND version > \(version)
            ORDER BY version LIMIT \(limit)
            """
        ).map { try Self.record($0).1 }
    }

    /// What is set, but comes into force later than `now`.
    func coming(to cohort: CohortID, after now: Date, in tx: borrowing Transaction) async throws -> [CohortRules] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.rules
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND effective_from > \(now)
                AND version > 1
            """
        ).map { try Self.record($0).1.rules }
    }

    func latestVersion(of cohort: CohortID, in tx: borrowing Transaction) async throws -> Int {
        try await tx.query(
            """
            SELECT coalesce(max(version), 0) AS version FROM matchmaking.rules
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)
            """
        ).first?.decode(Int.self, column: "version") ?? 0
    }

    private static let columns: SQL = "cohort_id, version, created_at, effective_from, author, reason, body"

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func record(_ row: Row) throws -> (CohortID, RulesRecord) {
        let (cohort, version, createdAt, effectiveFrom, author, reason, body) = try row.decode(
            UUID.self,
            Int.self,
            Date.self,
            Date.self,
            String.self,
            String?.self,
            JSON<CohortRules>.self
        )
        let record = RulesRecord(
            version: version,
            createdAt: createdAt,
            effectiveFrom: effectiveFrom,
            author: author,
            reason: reason,
            rules: body.value
        )
        return (CohortID(cohort), record)
    }
}
