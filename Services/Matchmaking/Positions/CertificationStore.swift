import Domain
import Foundation
import Postgres

/// Rankings that their owners declared final. It holds for one version: whoever changes the ranking certifies anew.
struct CertificationStore: Sendable {
    let tenant: TenantID
    let cohort: CohortID

    /// When `version` of the owner's ranking was certified; `nil` if it was not.
    func date<Owner>(of owner: ID<Owner>, version: Int, in tx: borrowing Transaction) async throws -> Date? {
        try await tx.query(
            """
            SELECT at FROM matchmaking.certifications
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND owner_id = \(owner.uuid)
                AND version = \(version)
            """
        ).first.map { try $0.decode(Date.self) }
    }

    func certify<Owner>(
        _ owner: ID<Owner>,
        version: Int,
        by actor: Author,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO matchmaking.certifications (tenant_id, cohort_id, owner_id, version, at, actor)
            VALUES (\(tenant.uuid), \(cohort.uuid), \(owner.uuid), \(version), \(now), \(actor.name))
            ON CONFLICT (tenant_id, cohort_id, owner_id) DO UPDATE
            SET version = excluded.version, at = excluded.at, actor = excluded.actor
            """
        )
        AuditStore(tenant: tenant).add(
            AuditEntry(
                .rankingCertified,
                of: cohort,
                by: actor,
                at: now,
                subject: owner.uuid,
                after: ["version": "\(version)"]
            ),
            in: tx
        )
    }
}
