import Domain
import Foundation
import Postgres
import ServiceKit

/// A tenant's offers.
struct OfferStore: Sendable {
    let tenant: TenantID

    func insert(_ records: [OfferRecord], in tx: borrowing Transaction) {
        guard !records.isEmpty else { return }
        tx.enqueue(
            """
            INSERT INTO matchmaking.offers (tenant_id, id, cohort_id, round_id, applicant_id, firm_id, created_at,
                changed_at, deadline, version, state)
            SELECT \(tenant.uuid), id, cohort, round, applicant, firm, created, created, deadline, 1, 'offered'
            FROM unnest(\(records.map(\.offer.id.uuid)), \(records.map(\.cohort.uuid)),
                \(records.map(\.round.uuid)), \(records.map(\.offer.applicant.uuid)),
                \(records.map(\.offer.firm.uuid)), \(records.map(\.createdAt)), \(records.map(\.offer.deadline)))
                AS entry (id, cohort, round, applicant, firm, created, deadline)
            """
        )
    }

    /// The offer with its row locked until the transaction ends, if `locks`.
    func find(_ id: OfferID, locks: Bool = false, in tx: borrowing Transaction) async throws -> OfferRecord {
        let lock: SQL = locks ? "FOR UPDATE" : ""
        let rows = try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.offers
            WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
            \(lock)
            """
        )
        guard let row = rows.first else { throw Problem.notFound("offer") }
        return try Self.record(row)
    }

    /// What an applicant was offered last.
    func latest(of applicant: ApplicantID, in tx: borrowing Transaction) async throws -> OfferRecord? {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.offers
            WHERE tenant_id = \(tenant.uuid) AND applicant_id = \(applicant.uuid) ORDER BY id DESC LIMIT 1
            """
        ).first.map(Self.record)
    }

    /// What has to end now that `deadline` has come, locked.
    func due(of cohort: CohortID, by deadline: Date, in tx: borrowing Transaction) async throws -> [OfferRecord] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.offers
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND state = 'offered'
                AND deadline <= \(deadline)
            ORDER BY id FOR UPDATE
            """
        ).map(Self.record)
    }

    /// Everything that a firm's places were offered as.
    func all(of firm: FirmID, in tx: borrowing Transaction) async throws -> [OfferRecord] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.offers
            WHERE tenant_id = \(tenant.uuid) AND firm_id = \(firm.uuid) ORDER BY id
            """
        ).map(Self.record)
    }

    /// Who holds which place.
    func holders(of cohort: CohortID, in tx: borrowing Transaction) async throws -> [RoundRules.Holder] {
        try await tx.query(
            """
            SELECT o.firm_id, a.id, u.code, a.economy FROM matchmaking.offers o
            JOIN matchmaking.applicants a ON (a.tenant_id, a.id) = (o.tenant_id, o.applicant_id)
            JOIN matchmaking.universities u ON (u.tenant_id, u.id) = (a.tenant_id, a.university_id)
            WHERE o.tenant_id = \(tenant.uuid) AND o.cohort_id = \(cohort.uuid)
                AND o.state IN ('offered', 'accepted', 'deferral-asked')
            """
        ).map { row in
            let (firm, applicant, university, economy) = try row.decode(
                UUID.self,
                UUID.self,
                String.self,
                String.self
            )
            let person = RuledApplicant(
                id: ApplicantID(applicant),
                university: try Slug(university),
                economy: try EconomyCode(economy),
                isEnrolled: true
            )
            return RoundRules.Holder(firm: FirmID(firm), applicant: person)
        }
    }

    /// How many wait for an answer, or for staff to decide.
    func pending(of cohort: CohortID, in tx: borrowing Transaction) async throws -> Int {
        try await tx.query(
            """
            SELECT count(*) AS count FROM matchmaking.offers
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND state IN ('offered', 'deferral-asked')
            """
        ).first?.decode(Int.self, column: "count") ?? 0
    }

    func list(
        of cohort: CohortID,
        in state: OfferState?,
        after id: UUID,
        limit: Int,
        in tx: borrowing Transaction
    ) async throws -> [OfferRecord] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.offers
            WHERE tenant_id = \(tenant.uuid) AND cohort_id = \(cohort.uuid) AND id > \(id)
                AND state = coalesce(\(state?.rawValue), state)
            ORDER BY id LIMIT \(limit)
            """
        ).map(Self.record)
    }

    /// Stores state, deadline and version. The caller holds the rows' locks.
    func save(_ records: [OfferRecord], in tx: borrowing Transaction) {
        guard !records.isEmpty else { return }
        tx.enqueue(
            """
            UPDATE matchmaking.offers o
            SET state = e.state, deadline = e.deadline, version = e.version, changed_at = e.changed
            FROM unnest(\(records.map(\.offer.id.uuid)), \(records.map(\.offer.state.rawValue)),
                \(records.map(\.offer.deadline)), \(records.map(\.offer.version)), \(records.map(\.changedAt)))
                AS e (id, state, deadline, version, changed)
            WHERE o.tenant_id = \(tenant.uuid) AND o.id = e.id
            """
        )
    }

    /// What the applicants of offers are told of them.
    func facts(of ids: [OfferID], in tx: borrowing Transaction) async throws -> [OfferID: PlacementFacts] {
        let rows = try await tx.query(
            """
            SELECT o.id, a.id, a.name, a.email, a.language, f.name, c.title
            FROM matchmaking.offers o
            JOIN matchmaking.applicants a ON (a.tenant_id, a.id) = (o.tenant_id, o.applicant_id)
            JOIN matchmaking.firms f ON (f.tenant_id, f.id) = (o.tenant_id, o.firm_id)
            JOIN matchmaking.cohorts c ON (c.tenant_id, c.id) = (o.tenant_id, o.cohort_id)
            WHERE o.tenant_id = \(tenant.uuid) AND o.id = ANY(\(ids.map(\.uuid)))
            """
        )
        var facts: [OfferID: PlacementFacts] = [:]
        for row in rows {
            let fact = try Self.facts(row)
            facts[fact.offerID] = fact
        }
        return facts
    }

    private static let columns: SQL = """
        id, cohort_id, round_id, applicant_id, firm_id, state, deadline, version, created_at, changed_at
        """

    @inline(never)
    private static func facts(_ row: Row) throws -> PlacementFacts {
        let (offer, applicant, name, email, language, firm, title) = try row.decode(
            UUID.self,
            UUID.self,
            String.self,
            String.self,
            String.self,
            JSON<LocalizedText>.self,
            JSON<LocalizedText>.self
        )
        return PlacementFacts(
            offerID: OfferID(offer),
            applicantID: ApplicantID(applicant),
            cohortTitle: title.value,
            firm: firm.value,
            recipient: Recipient(
                name: try PersonName(name),
                email: try EmailAddress(email),
                language: try LanguageTag(language)
            )
        )
    }

    @inline(never)
    private static func record(_ row: Row) throws -> OfferRecord {
        let (id, cohort, round, applicant, firm, state, deadline, version, created, changed) = try row.decode(
            UUID.self,
            UUID.self,
            UUID.self,
            UUID.self,
            UUID.self,
            String.self,
            Date.self,
            Int.self,
            Date.self,
            Date.self
        )
        guard let known = OfferState(rawValue: state) else {
            throw PostgresError(.decoding, message: "\(state) is no state of an offer")
        }
        return OfferRecord(
            offer: Offer(
                id: OfferID(id),
                applicant: ApplicantID(applicant),
                firm: FirmID(firm),
                deadline: deadline,
                state: known,
                version: version
            ),
            cohort: CohortID(cohort),
            round: RoundID(round),
            createdAt: created,
            changedAt: changed
        )
    }
}
