import Domain
import Foundation
import Postgres
import ServiceKit

/// Reads what comparisons are made of.
struct ComparisonStore: Sendable {
    let tenant: TenantID

    /// Two stored runs of the same round, side by side.
    func compare(_ before: RoundID, _ after: RoundID, in tx: borrowing Transaction) async throws -> RoundComparison {
        let rounds = RoundStore(tenant: tenant)
        let (first, second) = (try await rounds.find(before, in: tx), try await rounds.find(after, in: tx))
        guard first.record.cohort == second.record.cohort, first.record.number == second.record.number else {
            throw Problem.invalid(.init("/query/with", "must be a run of the same round"))
        }
        return RoundComparison(
            try await side(first, in: tx),
            try await side(second, in: tx),
            people: try await people(of: first.record.cohort, in: tx),
            firms: try await MemberStore(tenant: tenant).firms(of: first.record.cohort, in: tx)
        )
    }

    func side(_ round: StoredRound, in tx: borrowing Transaction) async throws -> RoundComparison.Side {
        let firms = try await RoundStore(tenant: tenant).firms(of: [round.record.id], in: tx)[round.record.id] ?? []
        return RoundComparison.Side(
            record: round.record,
            firms: Dictionary(uniqueKeysWithValues: firms.map { ($0.0.id, $0.1) }),
            standings: try await standings(of: round.record.id, in: tx)
        )
    }

    private func standings(of round: RoundID, in tx: borrowing Transaction) async throws -> [ApplicantID: Standing] {
        let rows = try await tx.query(
            """
            SELECT applicant_id, firm_id, choice FROM matchmaking.placements
            WHERE tenant_id = \(tenant.uuid) AND round_id = \(round.uuid)
            """
        )
        return Dictionary(uniqueKeysWithValues: try rows.map(Self.standing))
    }

    /// By id.
    func people(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [ComparedPerson] {
        try await tx.query(
            """
            SELECT a.id, a.name, u.code, a.economy FROM matchmaking.applicants a
            JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
            WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid) ORDER BY a.id
            """
        ).map(Self.person)
    }

    @inline(never)
    private static func standing(_ row: Row) throws -> (ApplicantID, Standing) {
        let (applicant, firm, choice) = try row.decode(UUID.self, UUID?.self, Int32?.self)
        return (ApplicantID(applicant), Standing(firm: firm.map { FirmID($0) }, choice: choice.map { Int($0) }))
    }

    @inline(never)
    private static func person(_ row: Row) throws -> ComparedPerson {
        let (id, name, university, economy) = try row.decode(UUID.self, String.self, String.self, String.self)
        return ComparedPerson(
            id: ApplicantID(id),
            name: try PersonName(name),
            university: try Slug(university),
            economy: try EconomyCode(economy)
        )
    }
}
