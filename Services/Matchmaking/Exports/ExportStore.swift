import Domain
import Foundation
import Postgres

/// What a cohort's files hold, as it stands now.
struct ExportStore: Sendable {
    let tenant: TenantID

    /// Every offer that was ever made, with its state.
    func placements(of cohort: CohortID, in tx: borrowing Transaction) async throws -> ExportTable {
        ExportTable(
            columns: [
                "offer", "applicant", "name", "email", "university", "economy", "firm", "choice", "round", "state",
                "deadline", "changedAt",
            ],
            rows: try await tx.query(
                """
                SELECT o.id::text, a.id::text, a.name, a.email, u.code, a.economy, f.code, p.choice::text,
                    r.number::text, o.state, o.deadline, o.changed_at
                FROM matchmaking.offers o
                JOIN matchmaking.placements p
                    ON (p.tenant_id, p.round_id, p.applicant_id) = (o.tenant_id, o.round_id, o.applicant_id)
                JOIN matchmaking.rounds r ON (r.tenant_id, r.id) = (o.tenant_id, o.round_id)
                JOIN matchmaking.applicants a ON (a.tenant_id, a.id) = (o.tenant_id, o.applicant_id)
                JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
                JOIN matchmaking.firms f ON (f.tenant_id, f.id) = (o.tenant_id, o.firm_id)
                WHERE o.tenant_id = \(tenant.uuid) AND o.cohort_id = \(cohort.uuid) ORDER BY a.id, o.id
                """
            ).map { row in
                let (
                    offer, applicant, name, email, university, economy, firm, choice, round, state, deadline, changed
                ) =
                    try row.decode(
                        String.self,
                        String.self,
                        String.self,
                        String.self,
                        String.self,
                        String.self,
                        String.self,
                        String.self,
                        String.self,
                        String.self,
                        Date.self,
                        Date.self
                    )
                return [
                    offer, applicant, name, email, university, economy, firm, choice, round, state,
                    deadline.formatted(.iso8601), changed.formatted(.iso8601),
                ]
            }
        )
    }

    /// Applicants of a published cohort who hold no place, and what became of the last one they were offered.
    func unplaced(of cohort: CohortID, in tx: borrowing Transaction) async throws -> ExportTable {
        ExportTable(
            columns: ["applicant", "name", "email", "university", "economy", "lastOffer"],
            rows: try await tx.query(
                """
                SELECT a.id::text, a.name, a.email, u.code, a.economy, coalesce((
                    SELECT o.state FROM matchmaking.offers o
                    WHERE o.tenant_id = \(tenant.uuid) AND o.applicant_id = a.id ORDER BY o.id DESC LIMIT 1), '')
                FROM matchmaking.applicants a
                JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
                WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = \(cohort.uuid)
                    AND EXISTS (SELECT FROM matchmaking.publications p
                        WHERE p.tenant_id = \(tenant.uuid) AND p.cohort_id = \(cohort.uuid))
                    AND NOT EXISTS (SELECT FROM matchmaking.offers o
                        WHERE o.tenant_id = \(tenant.uuid) AND o.applicant_id = a.id
                            AND o.state IN ('offered', 'accepted', 'deferral-asked'))
                ORDER BY a.id
                """
            ).map { row in
                let (id, name, email, university, economy, last) = try row.decode(
                    String.self,
                    String.self,
                    String.self,
                    String.self,
                    String.self,
                    String.self
                )
                return [id, name, email, university, economy, last]
            }
        )
    }

    /// Positions of a published cohort with places that nobody holds.
    func unfilled(of cohort: CohortID, in tx: borrowing Transaction) async throws -> ExportTable {
        guard try await PublicationStore(tenant: tenant).count(of: cohort, in: tx) > 0 else {
            return ExportTable(columns: Self.unfilledColumns, rows: [])
        }
        let free = try await FreePlaces.read(cohort, tenant: tenant, in: tx).places
        let positions = try await PositionStore(tenant: tenant).all(of: cohort, in: tx)
        return ExportTable(
            columns: Self.unfilledColumns,
            rows: positions.filter { free[$0.position.id] ?? 0 > 0 }.map { record in
                let position = record.position
                let code = position.description.map { "\(record.firmCode)/\($0.code)" } ?? record.firmCode.description
                return [position.firm.description, code, "\(position.places)", "\(free[position.id] ?? 0)"]
            }
        )
    }

    private static let unfilledColumns = ["firm", "code", "capacity", "unfilled"]

    func audit(of cohort: CohortID, in tx: borrowing Transaction) async throws -> ExportTable {
        let entries = try await AuditStore(tenant: tenant).list(of: cohort, after: .beforeAll, limit: nil, in: tx)
        return ExportTable(
            columns: ["id", "at", "actor", "action", "subject", "before", "after", "reason"],
            rows: entries.map { entry in
                [
                    entry.id.description, entry.at.formatted(.iso8601), entry.actor, entry.action,
                    entry.subject?.description ?? "", Self.text(entry.before), Self.text(entry.after),
                    entry.reason ?? "",
                ]
            }
        )
    }

    /// Facts of the record in one line.
    static func text(_ facts: [String: String]) -> String {
        facts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }
}
