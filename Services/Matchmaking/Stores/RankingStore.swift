import Domain
import Foundation
import Postgres

/// What somebody ranked, and how often it was changed: 0 where nothing was ranked yet.
struct VersionedRanking<Subject>: Sendable {
    let ranking: Ranking<Subject>
    let version: Int
}

/// The rankings of one side of a cohort: `Owner` ranks `Subject`.
struct RankingStore<Owner, Subject>: Sendable {
    struct Entry: Sendable {
        let owner: ID<Owner>
        let ranking: Ranking<Subject>
    }

    let tenant: TenantID
    let cohort: CohortID
    fileprivate let table: String
    fileprivate let owners: String
    fileprivate let subjects: RankedSubjects

    /// Whether the cohort has this owner. Lets one at a time change the owner's ranking until the transaction ends.
    func lock(_ owner: ID<Owner>, in tx: borrowing Transaction) async throws -> Bool {
        try await !tx.query(
            """
            SELECT 1 AS found FROM matchmaking.\(identifier: owners)
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND id = \(owner.uuid)
            FOR NO KEY UPDATE
            """
        ).isEmpty
    }

    /// `nil` if the cohort has no such owner.
    func find(_ owner: ID<Owner>, in tx: borrowing Transaction) async throws -> VersionedRanking<Subject>? {
        let rows = try await tx.query(
            """
            SELECT coalesce(r.choices, '{}'), coalesce(r.tiers, '{}'), coalesce(r.version, 0)
            FROM matchmaking.\(identifier: owners) o
            LEFT JOIN matchmaking.\(identifier: table) r
                ON (r.tenant_id, r.cohort_id, r.owner_id) = (o.tenant_id, o.cohort_id, o.id)
            WHERE o.tenant_id = \(tenant.uuid) AND o.cohort_id = \(cohort.uuid) AND o.id = \(owner.uuid)
            """
        )
        return try rows.first.map { row in
            let (choices, tiers, version) = try row.decode([UUID].self, [Int].self, Int.self)
            return VersionedRanking(ranking: Ranking(ids: choices.map { ID($0) }, tiers: tiers), version: version)
        }
    }

    /// All rankings of this side.
    func all(in tx: borrowing Transaction) async throws -> [Entry] {
        try await tx.query(
            """
            SELECT owner_id, choices, tiers FROM matchmaking.\(identifier: table)
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)
            """
        ).map { row in
            let (owner, choices, tiers) = try row.decode(UUID.self, [UUID].self, [Int].self)
            return Entry(owner: ID(owner), ranking: Ranking(ids: choices.map { ID($0) }, tiers: tiers))
        }
    }

    func knownOwners(in tx: borrowing Transaction) async throws -> Set<ID<Owner>> {
        let rows = try await tx.query(
            """
            SELECT id FROM matchmaking.\(identifier: owners)
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)
            """
        )
        return Set(try rows.map { ID(try $0.decode(UUID.self)) })
    }

    /// Whom the owners may rank.
    func knownSubjects(in tx: borrowing Transaction) async throws -> Set<ID<Subject>> {
        let rows = try await tx.query(subjects.ids(of: cohort, tenant: tenant))
        return Set(try rows.map { ID(try $0.decode(UUID.self)) })
    }

    /// Replaces rankings with one statement. Precondition: no owner occurs twice.
    func save(_ entries: [Entry], in tx: borrowing Transaction) async throws {
        var places: [Int] = []
        var choices: [UUID] = []
        var tiers: [Int] = []
        for (place, entry) in entries.enumerated() {
            for (tier, group) in entry.ranking.groups.enumerated() {
                for id in group {
                    places.append(place + 1)
                    choices.append(id.uuid)
                    tiers.append(tier + 1)
                }
            }
        }
        try await tx.execute(
            """
            INSERT INTO matchmaking.\(identifier: table) AS old (tenant_id, cohort_id, owner_id, version, choices, tiers)
            SELECT \(tenant.uuid), \(cohort.uuid), entry.owner, 1,
                coalesce(list.choices, '{}'), coalesce(list.tiers, '{}')
            FROM unnest(\(entries.map(\.owner.uuid))) WITH ORDINALITY AS entry (owner, place)
            LEFT JOIN (
                SELECT place, array_agg(choice ORDER BY number) AS choices, array_agg(tier ORDER BY number) AS tiers
                FROM unnest(\(places), \(choices), \(tiers)) WITH ORDINALITY AS ranked (place, choice, tier, number)
                GROUP BY place
            ) AS list USING (place)
            ON CONFLICT (tenant_id, cohort_id, owner_id) DO UPDATE
            SET version = old.version + 1, choices = excluded.choices, tiers = excluded.tiers
            """
        )
    }
}

extension RankingStore<ApplicantSubject, PositionSubject> {
    static func applicants(of cohort: CohortID, tenant: TenantID) -> Self {
        Self(tenant: tenant, cohort: cohort, table: "applicant_rankings", owners: "applicants", subjects: .positions)
    }
}

extension RankingStore<GroupSubject, PositionSubject> {
    /// What whole teams ranked.
    static func teams(of cohort: CohortID, tenant: TenantID) -> Self {
        Self(tenant: tenant, cohort: cohort, table: "group_rankings", owners: "groups", subjects: .positions)
    }
}

extension RankingStore<FirmSubject, ApplicantSubject> {
    /// What firms ranked that are their one position.
    static func firms(of cohort: CohortID, tenant: TenantID) -> Self {
        Self(tenant: tenant, cohort: cohort, table: "firm_rankings", owners: "firms", subjects: .candidates)
    }
}

extension RankingStore<PositionSubject, ApplicantSubject> {
    /// What was ranked for described positions.
    static func positions(of cohort: CohortID, tenant: TenantID) -> Self {
        Self(tenant: tenant, cohort: cohort, table: "position_rankings", owners: "positions", subjects: .candidates)
    }

    /// The store that keeps the ranking for `position`, described or not.
    static func of(_ position: Position, of cohort: CohortID, tenant: TenantID) -> Self {
        guard position.description == nil else { return positions(of: cohort, tenant: tenant) }
        return Self(tenant: tenant, cohort: cohort, table: "firm_rankings", owners: "firms", subjects: .candidates)
    }
}

/// Whom one side of a cohort may rank.
private enum RankedSubjects {
    /// Described positions, and firms that have none.
    case positions
    /// Applicants for themselves, and whole teams.
    case candidates

    func ids(of cohort: CohortID, tenant: TenantID) -> SQL {
        switch self {
        case .positions:
            """
            SELECT coalesce(p.id, f.id) FROM matchmaking.firms f
            LEFT JOIN matchmaking.positions p ON (p.tenant_id, p.firm_id) = (f.tenant_id, f.id)
            WHERE f.tenant_id = \(tenant.uuid) AND f.cohort_id = \(cohort.uuid)
            """
        case .candidates:
            """
            SELECT a.id FROM matchmaking.applicants a
            WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid) AND NOT EXISTS (
                SELECT FROM matchmaking.group_members m
                JOIN matchmaking.groups g ON (g.tenant_id, g.id) = (m.tenant_id, m.group_id)
                WHERE m.tenant_id = a.tenant_id AND m.applicant_id = a.id AND g.kind = 'team' AND g.state = 'formed')
            UNION ALL SELECT id FROM matchmaking.groups
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND kind = 'team' AND state = 'formed'
            """
        }
    }
}
