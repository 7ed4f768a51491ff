import Domain
import Foundation
import Postgres

/// Who of a cohort still has to act.
struct Outstanding: Sendable {
    let member: CohortMember
    let action: OutstandingAction
    /// How often: students to confirm, else 1.
    let count: Int
    /// An applicant's name, or the code of a firm or university.
    let name: String
    /// `nil` for a member whom nobody knows how to write to.
    let recipient: Recipient?
    let remindedAt: Date?
}

/// Finds who still has to act, and keeps who was reminded when.
struct OutstandingStore: Sendable {
    let tenant: TenantID
    let cohort: CohortID

    /// By the members' ids. Universities have to confirm only where the rules ask for it, and nobody ranks before that
    /// is open.
    func list(
        of state: CohortState,
        under rules: CohortRules,
        after id: UUID,
        limit: Int?,
        in tx: borrowing Transaction
    ) async throws -> [Outstanding] {
        let isRanking = state == .ranking
        let isConfirming = rules.enrolment == .required && state.isJoining && state != .draft
        return try await tx.query(
            """
            SELECT o.id, o.role, o.action, o.count, o.name, o.recipient, r.reminded_at FROM (
                SELECT a.id, 'applicant' AS role, 'rank' AS action, 1::bigint AS count, a.name,
                    jsonb_build_object('name', a.name, 'email', a.email, 'language', a.language) AS recipient
                FROM matchmaking.applicants a
                WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid) AND a.withdrawn_at IS NULL
                    AND \(isRanking) AND NOT EXISTS (
                        SELECT FROM matchmaking.applicant_rankings l
                        WHERE l.tenant_id = a.tenant_id AND l.cohort_id = a.cohort_id AND l.owner_id = a.id
                            AND cardinality(l.choices) > 0)
                UNION ALL
                SELECT f.id, 'firm', 'rank', 1, f.code, f.contact FROM matchmaking.firms f
                WHERE f.tenant_id = \(tenant.uuid) AND f.cohort_id = \(cohort.uuid) AND f.withdrawn_at IS NULL
                    AND f.capacity > 0 AND \(isRanking) AND NOT EXISTS (
                        SELECT FROM matchmaking.firm_rankings l
                        WHERE l.tenant_id = f.tenant_id AND l.cohort_id = f.cohort_id AND l.owner_id = f.id
                            AND cardinality(l.choices) > 0)
                UNION ALL
                SELECT u.id, 'university', 'confirm', count(*), u.code, u.contact FROM matchmaking.universities u
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
        let (id, role, action, count, name, recipient, remindedAt) = try row.decode(
            UUID.self,
            String.self,
            String.self,
            Int.self,
            String.self,
            JSON<Recipient>?.self,
            Date?.self
        )
        let member =
            switch role {
            case "firm": CohortMember(FirmID(id))
            case "university": CohortMember(UniversityID(id))
            default: CohortMember(ApplicantID(id))
            }
        return Outstanding(
            member: member,
            action: OutstandingAction(rawValue: action) ?? .rank,
            count: count,
            name: name,
            recipient: recipient?.value,
            remindedAt: remindedAt
        )
    }
}
