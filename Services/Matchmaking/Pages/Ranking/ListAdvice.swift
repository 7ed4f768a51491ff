import Domain
import Foundation
import Postgres

/// How applicants of the host's last published cohort fared by the length of their lists.
struct ListAdvice: Sendable {
    struct Length: Sendable, Hashable {
        let choices: Int
        let applicants: Int
        let placed: Int

        /// In percent, rounded.
        var share: Int { (200 * placed + applicants) / (2 * applicants) }
    }

    let title: LocalizedText
    let lengths: [Length]

    /// A length says nothing where so few had it, and would tell of single people.
    static let fewest = 5

    /// `nil` where no other cohort is published, or no length was common enough.
    static func read(except cohort: CohortID, tenant: TenantID, in tx: borrowing Transaction) async throws
        -> ListAdvice?
    {
        let rows = try await tx.query(
            """
            SELECT c.title, cardinality(r.choices) AS length, count(*) AS applicants, count(p.firm_id) AS placed
            FROM matchmaking.publications u
            JOIN matchmaking.cohorts c ON (c.tenant_id, c.id) = (u.tenant_id, u.cohort_id)
            JOIN matchmaking.placements p ON (p.tenant_id, p.round_id) = (u.tenant_id, u.round_id)
            JOIN matchmaking.applicant_rankings r
                ON (r.tenant_id, r.cohort_id, r.owner_id) = (p.tenant_id, p.cohort_id, p.applicant_id)
            WHERE u.tenant_id = \(tenant.uuid) AND u.number = 1 AND cardinality(r.choices) > 0
                AND u.cohort_id = (SELECT cohort_id FROM matchmaking.publications
                    WHERE tenant_id = \(tenant.uuid) AND number = 1 AND cohort_id <> \(cohort.uuid)
                    ORDER BY published_at DESC LIMIT 1)
            GROUP BY c.title, length HAVING count(*) >= \(fewest) ORDER BY length
            """
        )
        return try advice(rows)
    }

    // Inlined into an asynchronous function, such a function crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func advice(_ rows: [Row]) throws -> ListAdvice? {
        var lengths: [Length] = []
        var title: LocalizedText?
        for row in rows {
            let (name, choices, applicants, placed) = try row.decode(
                JSON<LocalizedText>.self,
                Int32.self,
                Int.self,
                Int.self
            )
            title = name.value
            lengths.append(Length(choices: Int(choices), applicants: applicants, placed: placed))
        }
        return title.map { ListAdvice(title: $0, lengths: lengths) }
    }
}
