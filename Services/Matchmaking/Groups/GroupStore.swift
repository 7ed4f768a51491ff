import Domain
import Foundation
import Postgres
import ServiceKit

/// A group as it is stored.
struct GroupRecord: Sendable {
    var group: ApplicantGroup
    let cohort: CohortID
}

/// The groups of a tenant's cohorts.
struct GroupStore: Sendable {
    let tenant: TenantID

    /// Which of these applicants are in a group already.
    func members(
        among applicants: [ApplicantID],
        in tx: borrowing Transaction
    ) async throws -> Set<ApplicantID> {
        let rows = try await tx.query(
            """
            SELECT applicant_id FROM matchmaking.group_members
            WHERE tenant_id = \(tenant.uuid) AND applicant_id = ANY(\(applicants.map(\.uuid)))
            """
        )
        return Set(try rows.map { ApplicantID(try $0.decode(UUID.self)) })
    }

    func insert(_ groups: [ApplicantGroup], into cohort: CohortID, in tx: borrowing Transaction) async throws {
        let members = groups.flatMap { group in group.members.enumerated().map { (group.id, $0.offset + 1, $0.element) }
        }
        tx.enqueue(
            """
            INSERT INTO matchmaking.groups (tenant_id, cohort_id, id, version, apart, kind, state, name, platform)
            SELECT \(tenant.uuid), \(cohort.uuid), id, 1, apart, kind, state, name, platform
            FROM unnest(\(groups.map(\.id.uuid)), \(groups.map(\.apart)), \(groups.map(\.kind.rawValue)),
                \(groups.map(\.state.rawValue)), \(groups.map(\.name.description)),
                \(groups.map(\.platform?.description))) AS entry (id, apart, kind, state, name, platform)
            """
        )
        try await tx.execute(
            """
            INSERT INTO matchmaking.group_members (tenant_id, cohort_id, group_id, number, applicant_id, agreed_at)
            SELECT \(tenant.uuid), \(cohort.uuid), group_id, number, applicant, agreed
            FROM unnest(\(members.map(\.0.uuid)), \(members.map { Int32($0.1) }), \(members.map(\.2.applicant.uuid)),
                \(members.map(\.2.agreedAt))) AS entry (group_id, number, applicant, agreed)
            """
        )
    }

    /// The group with its row locked until the transaction ends, if `locks`.
    func find(_ id: GroupID, locks: Bool = false, in tx: borrowing Transaction) async throws -> GroupRecord {
        if locks {
            _ = try await tx.query(
                "SELECT 1 AS one FROM matchmaking.groups WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid) FOR UPDATE"
            )
        }
        let found = try await read("g.id = \(id.uuid)", in: tx)
        guard let record = found.first else { throw Problem.notFound("group") }
        return record
    }

    /// The group that the applicant is in.
    func group(of applicant: ApplicantID, in tx: borrowing Transaction) async throws -> GroupRecord? {
        try await read(
            """
            g.id = (SELECT group_id FROM matchmaking.group_members
                WHERE tenant_id = \(tenant.uuid) AND applicant_id = \(applicant.uuid))
            """,
            in: tx
        ).first
    }

    /// The applicant's team, if it is formed.
    func team(of applicant: ApplicantID, in tx: borrowing Transaction) async throws -> GroupRecord? {
        guard let record = try await group(of: applicant, in: tx) else { return nil }
        return record.group.kind == .team && record.group.state == .formed ? record : nil
    }

    /// All groups of a cohort that are formed.
    func formed(in cohort: CohortID, _ tx: borrowing Transaction) async throws -> [ApplicantGroup] {
        try await read("g.cohort_id = \(cohort.uuid) AND g.state = 'formed'", in: tx).map(\.group)
    }

    func list(
        of cohort: CohortID,
        after id: UUID,
        limit: Int,
        in tx: borrowing Transaction
    ) async throws -> [ApplicantGroup] {
        try await read(
            """
            g.id = ANY(SELECT id FROM matchmaking.groups
                WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND id > \(id) ORDER BY id LIMIT \(limit))
            """,
            in: tx
        ).map(\.group)
    }

    /// Stores state, version and who agreed. The caller holds the row's lock.
    func save(_ group: ApplicantGroup, in tx: borrowing Transaction) async throws {
        tx.enqueue(
            """
            UPDATE matchmaking.groups SET state = \(group.state.rawValue), version = \(group.version)
            WHERE tenant_id = \(tenant.uuid) AND id = \(group.id.uuid)
            """
        )
        tx.enqueue(
            """
            DELETE FROM matchmaking.group_members
            WHERE tenant_id = \(tenant.uuid) AND group_id = \(group.id.uuid)
                AND applicant_id <> ALL(\(group.applicants.map(\.uuid)))
            """
        )
        try await tx.execute(
            """
            UPDATE matchmaking.group_members m SET agreed_at = e.agreed
            FROM unnest(\(group.applicants.map(\.uuid)), \(group.members.map(\.agreedAt))) AS e (applicant, agreed)
            WHERE m.tenant_id = \(tenant.uuid) AND m.applicant_id = e.applicant
            """
        )
    }

    private func read(_ condition: SQL, in tx: borrowing Transaction) async throws -> [GroupRecord] {
        let rows = try await tx.query(
            """
            SELECT g.id, g.cohort_id, g.version, g.apart, g.kind, g.state, g.name, g.platform,
                coalesce(array_agg(m.applicant_id ORDER BY m.number) FILTER (WHERE m.number > 0), '{}') AS members,
                coalesce(array_agg(m.agreed_at ORDER BY m.number) FILTER (WHERE m.number > 0), '{}') AS agreed
            FROM matchmaking.groups g
            LEFT JOIN matchmaking.group_members m ON (m.tenant_id, m.group_id) = (g.tenant_id, g.id)
            WHERE g.tenant_id = \(tenant.uuid) AND \(condition)
            GROUP BY g.tenant_id, g.id ORDER BY g.id
            """
        )
        return try rows.map(Self.record)
    }

    // Inlined into an asynchronous function, such a function crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func record(_ row: Row) throws -> GroupRecord {
        let kind = try row.decode(String.self, column: "kind")
        let state = try row.decode(String.self, column: "state")
        guard let kind = ApplicantGroup.Kind(rawValue: kind), let state = ApplicantGroup.State(rawValue: state) else {
            throw PostgresError(.decoding, message: "a group has no known kind or state")
        }
        let members = try row.decode([UUID].self, column: "members")
        let agreed = try row.decode([Date?].self, column: "agreed")
        let group = ApplicantGroup(
            id: GroupID(try row.decode(UUID.self, column: "id")),
            kind: kind,
            name: try PersonName(try row.decode(String.self, column: "name")),
            platform: try row.decode(String?.self, column: "platform").map { try Slug($0) },
            apart: try row.decode(Bool.self, column: "apart"),
            members: zip(members, agreed).map { .init(applicant: ApplicantID($0), agreedAt: $1) },
            state: state,
            version: try row.decode(Int.self, column: "version")
        )
        return GroupRecord(group: group, cohort: CohortID(try row.decode(UUID.self, column: "cohort_id")))
    }
}
