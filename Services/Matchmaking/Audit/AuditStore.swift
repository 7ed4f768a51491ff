import Domain
import Foundation
import Postgres

/// The record of a tenant's cohorts. It can be added to and read, never changed: the table's policies see to that.
struct AuditStore: Sendable {
    let tenant: TenantID

    func add(_ entries: [AuditEntry], in tx: borrowing Transaction) {
        guard !entries.isEmpty else { return }
        tx.enqueue(
            """
            INSERT INTO matchmaking.audit
                (tenant_id, id, cohort_id, at, actor, action, subject_id, before, after, reason)
            SELECT \(tenant.uuid), id, cohort, at, actor, action, nullif(subject, '')::uuid, before, after,
                nullif(reason, '')
            FROM unnest(\(entries.map(\.id.uuid)), \(entries.map(\.cohort.uuid)), \(entries.map(\.at)),
                \(entries.map(\.actor.name)), \(entries.map(\.action.rawValue)),
                \(entries.map { $0.subject?.uuidString ?? "" }), \(entries.map { JSON($0.before) }),
                \(entries.map { JSON($0.after) }), \(entries.map { $0.reason ?? "" }))
                AS entry (id, cohort, at, actor, action, subject, before, after, reason)
            """
        )
    }

    func add(_ entry: AuditEntry, in tx: borrowing Transaction) {
        add([entry], in: tx)
    }

    /// Oldest first.
    func list(
        of cohort: CohortID,
        after id: UUID,
        limit: Int?,
        in tx: borrowing Transaction
    ) async throws -> [AuditBody] {
        try await tx.query(
            """
            SELECT id, at, actor, action, subject_id, before, after, reason FROM matchmaking.audit
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND id > \(id)
            ORDER BY id LIMIT \(limit)
            """
        ).map(Self.entry)
    }

    /// The newest first.
    func latest(of cohort: CohortID, limit: Int, in tx: borrowing Transaction) async throws -> [AuditBody] {
        try await tx.query(
            """
            SELECT id, at, actor, action, subject_id, before, after, reason FROM matchmaking.audit
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) ORDER BY id DESC LIMIT \(limit)
            """
        ).map(Self.entry)
    }

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func entry(_ row: Row) throws -> AuditBody {
        let (id, at, actor, action, subject, before, after, reason) = try row.decode(
            UUID.self,
            Date.self,
            String.self,
            String.self,
            UUID?.self,
            JSON<[String: String]>.self,
            JSON<[String: String]>.self,
            String?.self
        )
        return AuditBody(
            id: ID(id),
            at: at,
            actor: actor,
            action: action,
            subject: subject.map { ID($0) },
            before: before.value,
            after: after.value,
            reason: reason
        )
    }
}

/// An entry as staff read it.
struct AuditBody: Encodable, Sendable {
    enum Subject {}

    let id: ID<AuditEntry>
    let at: Date
    let actor: String
    let action: String
    let subject: ID<Subject>?
    let before: [String: String]
    let after: [String: String]
    let reason: String?
}
