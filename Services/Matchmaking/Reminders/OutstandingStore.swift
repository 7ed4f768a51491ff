import Domain
import Foundation
import Postgres

/// Finds who still has to act, and keeps who was reminded when.
struct OutstandingStore: Sendable {
    let tenant: TenantID
    let cohort: CohortID

    /// By id. Nobody ranks before that is open; lists have to be certified and students confirmed only where the rules
    /// ask for it. A team is one, and its members are not by themselves; a firm is one with all its positions.
    func list(
        of state: CohortState,
        under rules: CohortRules,
        after id: UUID = .beforeAll,
        limit: Int? = nil,
        in tx: borrowing Transaction
    ) async throws -> [Outstanding] {
        let isRanking = state == .ranking
        let isConfirming = rules.enrolment == .required && state.isJoining && state != .draft
        let rankings = CertificationStore(tenant: tenant, cohort: cohort).rankings
        return try await tx.query(
            """
            WITH done AS (
                SELECT owner_id, is_certified OR \(rules.certification == .optional) AS counts FROM (\(rankings)) AS r
            ), team AS (
                SELECT m.applicant_id, g.id, g.name FROM matchmaking.groups g
                JOIN matchmaking.group_members m ON (m.tenant_id, m.group_id) = (g.tenant_id, g.id)
                WHERE g.tenant_id = \(tenant.uuid) AND g.cohort_id = \(cohort.uuid) AND g.kind = 'team'
                    AND g.state = 'formed'
            )
            SELECT o.id, o.role, o.action, o.count, o.name, o.people, r.reminded_at FROM (
                SELECT coalesce(t.id, a.id) AS id, CASE WHEN t.id IS NULL THEN 'applicant' ELSE 'team' END AS role,
                    CASE WHEN d.owner_id IS NULL THEN 'rank' ELSE 'certify' END AS action, 1::bigint AS count,
                    coalesce(t.name, a.name) AS name,
                    jsonb_agg(jsonb_build_object('id', a.id, 'recipient', jsonb_build_object(
                        'name', a.name, 'email', a.email, 'language', a.language)) ORDER BY a.id) AS people
                FROM matchmaking.applicants a
                LEFT JOIN team t ON t.applicant_id = a.id
                LEFT JOIN done d ON d.owner_id = coalesce(t.id, a.id)
                WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid) AND a.withdrawn_at IS NULL
                    AND \(isRanking) AND d.counts IS NOT TRUE
                GROUP BY 1, 2, 3, 5
                UNION ALL
                SELECT f.id, 'firm', CASE WHEN bool_or(d.owner_id IS NULL) THEN 'rank' ELSE 'certify' END, 1, f.code,
                    \(Self.contact("f"))
                FROM matchmaking.firms f
                LEFT JOIN matchmaking.positions p ON (p.tenant_id, p.firm_id) = (f.tenant_id, f.id)
                LEFT JOIN done d ON d.owner_id = coalesce(p.id, f.id)
                WHERE f.tenant_id = \(tenant.uuid) AND f.cohort_id = \(cohort.uuid) AND f.withdrawn_at IS NULL
                    AND coalesce(p.places, f.capacity) > 0 AND \(isRanking) AND d.counts IS NOT TRUE
                GROUP BY f.id, f.code, f.contact
                UNION ALL
                SELECT u.id, 'university', 'confirm', count(*), u.code, \(Self.contact("u"))
                FROM matchmaking.universities u
                JOIN matchmaking.applicants a ON (a.tenant_id, a.university_id) = (u.tenant_id, u.id)
                WHERE u.tenant_id = \(tenant.uuid) AND u.cohort_id = \(cohort.uuid) AND \(isConfirming)
                    AND a.withdrawn_at IS NULL AND a.enrolled_at IS NULL
                GROUP BY u.id, u.code, u.contact
            ) AS o
            LEFT JOIN matchmaking.reminders r ON r.tenant_id = \(tenant.uuid) AND r.cohort_id = \(cohort.uuid)
                AND r.member_id = o.id
            WHERE o.id > \(id) ORDER BY o.id LIMIT \(limit)
            """
        ).map(Self.outstanding)
    }

    /// The one person whom a firm or a university has named, if it has.
    private static func contact(_ table: String) -> SQL {
        """
        CASE WHEN \(identifier: table).contact IS NULL THEN '[]' ELSE jsonb_build_array(
            jsonb_build_object('id', \(identifier: table).id, 'recipient', \(identifier: table).contact)) END
        """
    }

    /// Notes that these are reminded now, and tells whom nobody reminded within the day. Two who remind at once don't
    /// remind anybody twice.
    func claim(_ members: [UUID], at now: Date, in tx: borrowing Transaction) async throws -> Set<UUID> {
        let rows = try await tx.query(
            """
            INSERT INTO matchmaking.reminders AS old (tenant_id, cohort_id, member_id, reminded_at)
            SELECT \(tenant.uuid), \(cohort.uuid), member, \(now) FROM unnest(\(members.sorted { $0.uuidString < $1.uuidString })) AS entry (member)
            ON CONFLICT (tenant_id, cohort_id, member_id) DO UPDATE SET reminded_at = excluded.reminded_at
            WHERE old.reminded_at <= \(now.addingTimeInterval(-Self.pause))
            RETURNING member_id
            """
        )
        return Set(try rows.map { try $0.decode(UUID.self) })
    }

    /// A day, less an hour's grace for timers that come a day apart.
    private static let pause: TimeInterval = 23 * 3600

    @inline(never)
    private static func outstanding(_ row: Row) throws -> Outstanding {
        let (id, role, action, count, name, people, remindedAt) = try row.decode(
            UUID.self,
            String.self,
            String.self,
            Int.self,
            String.self,
            JSON<[Outstanding.Person]>.self,
            Date?.self
        )
        guard let role = Outstanding.Role(rawValue: role), let action = OutstandingAction(rawValue: action) else {
            throw PostgresError(.decoding, message: "\(role) and \(action) are nobody who has to do something")
        }
        return Outstanding(
            id: id,
            role: role,
            action: action,
            count: count,
            name: name,
            people: people.value,
            remindedAt: remindedAt
        )
    }
}
