import Domain
import Foundation
import Postgres

/// Which rounds of a tenant are published.
struct PublicationStore: Sendable {
    struct Publication: Sendable {
        let round: RoundID
        let publishedAt: Date
        let answerDeadline: Date
    }

    let tenant: TenantID

    /// The publication of the cohort's round with this number.
    func find(_ cohort: CohortID, number: Int, in tx: borrowing Transaction) async throws -> Publication? {
        try await tx.query(
            """
            SELECT round_id, published_at, answer_deadline FROM matchmaking.publications
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND number = \(number)
            """
        ).first.map { row in
            let (round, publishedAt, deadline) = try row.decode(UUID.self, Date.self, Date.self)
            return Publication(round: RoundID(round), publishedAt: publishedAt, answerDeadline: deadline)
        }
    }

    func count(of cohort: CohortID, in tx: borrowing Transaction) async throws -> Int {
        try await tx.query(
            """
            SELECT count(*) AS count FROM matchmaking.publications
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)
            """
        ).first?.decode(Int.self, column: "count") ?? 0
    }

    func insert(_ round: RoundRecord, at date: Date, answers deadline: Date, in tx: borrowing Transaction) {
        tx.enqueue(
            """
            INSERT INTO matchmaking.publications
                (tenant_id, cohort_id, number, round_id, published_at, answer_deadline)
            VALUES (\(tenant.uuid), \(round.cohort.uuid), \(round.number), \(round.id.uuid), \(date), \(deadline))
            """
        )
    }
}
