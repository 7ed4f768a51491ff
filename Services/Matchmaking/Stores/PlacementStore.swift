import Domain
import Foundation
import Postgres

/// Where applicants were placed and why.
struct PlacementStore: Sendable {
    let tenant: TenantID

    func insert(_ placements: [PlacementRecord], of round: RoundRecord, in tx: borrowing Transaction) async throws {
        let explanations = placements.map { JSON($0.explanation) }
        tx.enqueue(
            """
            INSERT INTO matchmaking.placements
                (tenant_id, round_id, cohort_id, applicant_id, firm_id, position_id, choice, lottery, explanation)
            SELECT \(tenant.uuid), \(round.id.uuid), \(round.cohort.uuid), applicant, firm, position,
                nullif(choice, 0), lottery, explanation
            FROM unnest(\(placements.map(\.applicant.uuid)), \(placements.map(\.firm?.uuid)),
                \(placements.map(\.position?.uuid)), \(placements.map { Int32($0.choice ?? 0) }),
                \(placements.map(\.lottery)), \(explanations))
                AS entry (applicant, firm, position, choice, lottery, explanation)
            """
        )
    }

    func list(
        of round: RoundID,
        after id: UUID,
        limit: Int,
        in tx: borrowing Transaction
    ) async throws -> [PlacementRecord] {
        try await tx.query(
            """
            SELECT applicant_id, firm_id, position_id, choice, lottery, explanation FROM matchmaking.placements
            WHERE tenant_id = \(tenant.uuid) AND round_id = \(round.uuid) AND applicant_id > \(id)
            ORDER BY applicant_id LIMIT \(limit)
            """
        ).map(Self.placement)
    }

    /// Who is placed where.
    func placed(
        by round: RoundID,
        in tx: borrowing Transaction
    ) async throws -> [(applicant: ApplicantID, place: Place)] {
        try await tx.query(
            """
            SELECT applicant_id, firm_id, position_id FROM matchmaking.placements
            WHERE tenant_id = \(tenant.uuid) AND round_id = \(round.uuid) AND firm_id IS NOT NULL
            ORDER BY applicant_id
            """
        ).map { row in
            let (applicant, firm, position) = try row.decode(UUID.self, UUID.self, UUID?.self)
            return (ApplicantID(applicant), Place(FirmID(firm), position.map { PositionID($0) }))
        }
    }

    /// What was published for an applicant: the last place, or why there was none in the first round; `nil` while
    /// nothing is.
    func published(
        _ applicant: ApplicantID,
        of cohort: CohortID,
        in tx: borrowing Transaction
    ) async throws -> (round: RoundID, placement: PlacementRecord)? {
        let rows = try await tx.query(
            """
            SELECT p.applicant_id, p.firm_id, p.position_id, p.choice, p.lottery, p.explanation, p.round_id
            FROM matchmaking.publications u
            JOIN matchmaking.placements p ON (p.tenant_id, p.round_id) = (u.tenant_id, u.round_id)
            WHERE u.tenant_id = \(tenant.uuid) AND u.cohort_id = \(cohort.uuid) AND p.applicant_id = \(applicant.uuid)
            ORDER BY p.firm_id IS NULL, CASE WHEN p.firm_id IS NULL THEN u.number ELSE -u.number END LIMIT 1
            """
        )
        guard let row = rows.first else { return nil }
        return (RoundID(try row.decode(UUID.self, column: "round_id")), try Self.placement(row))
    }

    /// Who is to be told what when the round is published. A supplementary round is told to whom it places.
    func announcements(
        of round: RoundRecord,
        title cohortTitle: LocalizedText,
        answers deadline: Date,
        in tx: borrowing Transaction
    ) async throws -> [PlacementPublished] {
        try await tx.query(
            """
            SELECT a.id, a.name, a.email, a.language, f.name, q.title
            FROM matchmaking.placements p
            JOIN matchmaking.applicants a ON (a.tenant_id, a.id) = (p.tenant_id, p.applicant_id)
            LEFT JOIN matchmaking.firms f ON (f.tenant_id, f.id) = (p.tenant_id, p.firm_id)
            LEFT JOIN matchmaking.positions q ON (q.tenant_id, q.id) = (p.tenant_id, p.position_id)
            WHERE p.tenant_id = \(tenant.uuid) AND p.round_id = \(round.id.uuid)
                AND (p.firm_id IS NOT NULL OR \(round.number) = 1)
            ORDER BY a.id
            """
        ).map { row in
            let (id, name, email, language, firm, title) = try row.decode(
                UUID.self,
                String.self,
                String.self,
                String.self,
                JSON<LocalizedText>?.self,
                JSON<LocalizedText>?.self
            )
            let recipient = Recipient(
                name: try PersonName(name),
                email: try EmailAddress(email),
                language: try LanguageTag(language)
            )
            return PlacementPublished(
                applicantID: ApplicantID(id),
                roundID: round.id,
                cohortTitle: cohortTitle,
                recipient: recipient,
                firm: firm.map { PositionRecord.name($0.value, title?.value) },
                answerDeadline: firm.map { _ in deadline }
            )
        }
    }

    private static func placement(_ row: Row) throws -> PlacementRecord {
        let position = try row.decode(UUID?.self, column: "position_id").map { PositionID($0) }
        return PlacementRecord(
            applicant: ApplicantID(try row.decode(UUID.self, column: "applicant_id")),
            place: try row.decode(UUID?.self, column: "firm_id").map { Place(FirmID($0), position) },
            choice: try row.decode(Int32?.self, column: "choice").map { Int($0) },
            lottery: try row.decode(String.self, column: "lottery"),
            explanation: try row.decode(JSON<ExplanationRecord>.self, column: "explanation").value
        )
    }
}
