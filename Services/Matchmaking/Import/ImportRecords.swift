import Domain
import Foundation
import Postgres
import ServiceKit

/// The files that were sent to a tenant's cohorts. A file names people: it is kept until it is applied, and a week at
/// the most.
struct ImportRecords: Sendable {
    static let keeping: TimeInterval = 7 * 86_400

    let tenant: TenantID

    func insert(_ record: ImportRecord, _ content: ImportContent, in tx: borrowing Transaction) async throws {
        tx.enqueue(
            """
            UPDATE matchmaking.imports SET content = NULL, faulty_rows = NULL
            WHERE tenant_id = \(tenant.uuid) AND created_at < \(record.createdAt.addingTimeInterval(-Self.keeping))
                AND (content IS NOT NULL OR faulty_rows IS NOT NULL)
            """
        )
        try await tx.execute(
            """
            INSERT INTO matchmaking.imports
                (tenant_id, id, cohort_id, created_at, cohort_version, kind, hash, summary, content, faulty_rows)
            VALUES (\(tenant.uuid), \(record.id.uuid), \(record.cohort.uuid), \(record.createdAt),
                \(record.cohortVersion), \(record.kind.rawValue), \(record.hash), \(JSON(record.summary)),
                \(content.file), \(content.faultyRows))
            """
        )
    }

    /// - Parameter locks: Whether nobody else may apply it until the transaction ends.
    func find(_ id: ImportID, locks: Bool = false, in tx: borrowing Transaction) async throws -> ImportRecord {
        let lock: SQL = locks ? "FOR UPDATE" : ""
        let rows = try await tx.query(
            """
            SELECT id, cohort_id, kind, created_at, cohort_version, hash, summary, applied_at
            FROM matchmaking.imports WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid) \(lock)
            """
        )
        guard let row = rows.first else { throw Problem.notFound("import") }
        return try Self.record(row)
    }

    func content(of id: ImportID, in tx: borrowing Transaction) async throws -> ImportContent {
        let rows = try await tx.query(
            """
            SELECT content, faulty_rows FROM matchmaking.imports WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
            """
        )
        guard let row = rows.first else { throw Problem.notFound("import") }
        return try Self.content(row)
    }

    /// The newest first.
    func list(of cohort: CohortID, limit: Int, in tx: borrowing Transaction) async throws -> [ImportRecord] {
        try await tx.query(
            """
            SELECT id, cohort_id, kind, created_at, cohort_version, hash, summary, applied_at
            FROM matchmaking.imports WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(Self.record)
    }

    /// The file isn't kept any longer.
    func apply(_ id: ImportID, at now: Date, in tx: borrowing Transaction) {
        tx.enqueue(
            """
            UPDATE matchmaking.imports SET applied_at = \(now), content = NULL
            WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
            """
        )
    }

    // Inlined into an asynchronous function, such functions crash the optimizer of Swift 6.3.1.
    @inline(never)
    private static func content(_ row: Row) throws -> ImportContent {
        let (file, faultyRows) = try row.decode([UInt8]?.self, [UInt8]?.self)
        return ImportContent(file: file, faultyRows: faultyRows)
    }

    @inline(never)
    private static func record(_ row: Row) throws -> ImportRecord {
        let (id, cohort, kind, createdAt, version, hash, summary, appliedAt) = try row.decode(
            UUID.self,
            UUID.self,
            String.self,
            Date.self,
            Int.self,
            String.self,
            JSON<ImportSummary>.self,
            Date?.self
        )
        guard let kind = ImportKind(rawValue: kind) else {
            throw PostgresError(.decoding, message: "\(kind) is no kind of import")
        }
        return ImportRecord(
            id: ImportID(id),
            cohort: CohortID(cohort),
            kind: kind,
            createdAt: createdAt,
            cohortVersion: version,
            hash: hash,
            summary: summary.value,
            appliedAt: appliedAt
        )
    }
}
