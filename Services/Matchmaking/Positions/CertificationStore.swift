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

    /// Whose ranking has somebody on it, and is not certified as it is.
    func uncertified(in tx: borrowing Transaction) async throws -> Set<UUID> {
        let rows = try await tx.query("SELECT owner_id FROM (\(rankings)) AS ranking WHERE NOT is_certified")
        return Set(try rows.map { try $0.decode(UUID.self) })
    }

    /// A statement for the owners of all rankings that are not empty: applicants, teams, positions, and firms that are
    /// their one position.
    var rankings: SQL {
        """
        SELECT r.owner_id, c.owner_id IS NOT NULL AS is_certified FROM (
            SELECT tenant_id, cohort_id, owner_id, version, choices FROM matchmaking.applicant_rankings
            UNION ALL SELECT tenant_id, cohort_id, owner_id, version, choices FROM matchmaking.group_rankings
            UNION ALL SELECT tenant_id, cohort_id, owner_id, version, choices FROM matchmaking.firm_rankings
            UNION ALL SELECT tenant_id, cohort_id, owner_id, version, choices FROM matchmaking.position_rankings) AS r
        LEFT JOIN matchmaking.certifications c
            ON (c.tenant_id, c.cohort_id, c.owner_id, c.version) = (r.tenant_id, r.cohort_id, r.owner_id, r.version)
        WHERE r.tenant_id = \(tenant.uuid) AND r.cohort_id = \(cohort.uuid) AND cardinality(r.choices) > 0
        """
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
