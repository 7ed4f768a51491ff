import Domain
import Foundation
import Postgres

/// An applicant, or a team, whom a position does not take, and why. The reason is the firm's and staff's to read.
struct Unacceptable: Sendable, Encodable {
    let candidate: ApplicantID
    let reason: String
    let at: Date
}

/// What firms say of those who chose them: scores, and who is unacceptable.
struct AcceptanceStore: Sendable {
    let tenant: TenantID

    func unacceptable(
        of position: PositionID,
        in tx: borrowing Transaction
    ) async throws -> [Unacceptable] {
        try await tx.query(
            """
            SELECT candidate_id, reason, at FROM matchmaking.unacceptable
            WHERE tenant_id = \(tenant.uuid) AND position_id = \(position.uuid) ORDER BY at, candidate_id
            """
        ).map { row in
            let (candidate, reason, at) = try row.decode(UUID.self, String.self, Date.self)
            return Unacceptable(candidate: ApplicantID(candidate), reason: reason, at: at)
        }
    }

    /// Whom a position may not rank, with a sentence for each.
    func barred(by position: PositionID, in tx: borrowing Transaction) async throws -> [ApplicantID: String] {
        let marked = try await unacceptable(of: position, in: tx)
        return Dictionary(uniqueKeysWithValues: marked.map { ($0.candidate, "is marked unacceptable") })
    }

    /// By position, whom it does not take.
    func unacceptable(
        in cohort: CohortID,
        _ tx: borrowing Transaction
    ) async throws -> [PositionID: [ApplicantID: String]] {
        let rows = try await tx.query(
            """
            SELECT position_id, candidate_id, reason FROM matchmaking.unacceptable
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid)
            """
        )
        var marked: [PositionID: [ApplicantID: String]] = [:]
        for row in rows {
            let (position, candidate, reason) = try row.decode(UUID.self, UUID.self, String.self)
            marked[PositionID(position), default: [:]][ApplicantID(candidate)] = reason
        }
        return marked
    }

    func mark(
        _ mark: Unacceptable,
        of position: PositionID,
        in cohort: CohortID,
        _ tx: borrowing Transaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO matchmaking.unacceptable (tenant_id, cohort_id, position_id, candidate_id, at, reason)
            VALUES (\(tenant.uuid), \(cohort.uuid), \(position.uuid), \(mark.candidate.uuid), \(mark.at), \(mark.reason))
            ON CONFLICT (tenant_id, position_id, candidate_id) DO UPDATE
            SET at = excluded.at, reason = excluded.reason
            """
        )
    }

    /// Takes the mark back; tells whether there was one.
    func unmark(
        _ candidate: ApplicantID,
        of position: PositionID,
        in tx: borrowing Transaction
    ) async throws -> Bool {
        try await tx.execute(
            """
            DELETE FROM matchmaking.unacceptable
            WHERE tenant_id = \(tenant.uuid) AND position_id = \(position.uuid)
                AND candidate_id = \(candidate.uuid)
            """
        ) > 0
    }

    /// By candidate and criterion.
    func scores(
        of position: PositionID,
        in tx: borrowing Transaction
    ) async throws -> [ApplicantID: [Slug: Int]] {
        let rows = try await tx.query(
            """
            SELECT candidate_id, criterion, value FROM matchmaking.scores
            WHERE tenant_id = \(tenant.uuid) AND position_id = \(position.uuid)
            """
        )
        return try Self.scores(rows)
    }

    // Inlined into an asynchronous function, it crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func scores(_ rows: [Row]) throws -> [ApplicantID: [Slug: Int]] {
        var scores: [ApplicantID: [Slug: Int]] = [:]
        for row in rows {
            let (candidate, text, value) = try row.decode(UUID.self, String.self, Int32.self)
            let criterion = try Slug(text)
            scores[ApplicantID(candidate), default: [:]][criterion] = Int(value)
        }
        return scores
    }

    /// Adds scores and replaces those that are there.
    func save(
        _ scores: [(candidate: ApplicantID, criterion: Slug, value: Int)],
        of position: PositionID,
        in tx: borrowing Transaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO matchmaking.scores (tenant_id, position_id, candidate_id, criterion, value)
            SELECT \(tenant.uuid), \(position.uuid), candidate, criterion, value
            FROM unnest(\(scores.map(\.candidate.uuid)), \(scores.map(\.criterion.description)),
                \(scores.map { Int32($0.value) })) AS entry (candidate, criterion, value)
            ON CONFLICT (tenant_id, position_id, candidate_id, criterion) DO UPDATE SET value = excluded.value
            """
        )
    }
}
