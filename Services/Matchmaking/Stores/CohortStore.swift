import Domain
import Foundation
import HTTPTypes
import Postgres
import ServiceKit

/// A tenant's cohorts.
struct CohortStore: Sendable {
    let tenant: TenantID

    enum RowLock {
        case none
        /// Keeps the cohort from being changed, but not others from ranking.
        case share
        /// Waits for those who rank, and lets nobody in.
        case update

        fileprivate var sql: SQL {
            switch self {
            case .none: ""
            case .share: "FOR SHARE"
            case .update: "FOR UPDATE"
            }
        }
    }

    func insert(_ record: CohortRecord, in tx: borrowing Transaction) async throws {
        let cohort = record.cohort
        let inserted = try await tx.execute(
            """
            INSERT INTO matchmaking.cohorts (tenant_id, id, created_at, ranking_deadline, version, maximum_choices,
                state, slug, title, lottery_seed, lottery_commitment, answer_days, refill)
            VALUES (\(tenant.uuid), \(cohort.id.uuid), \(record.createdAt), \(cohort.rankingDeadline),
                \(cohort.version), \(Int32(cohort.maximumChoices)), \(cohort.state.rawValue),
                \(cohort.slug.description), \(JSON(cohort.title)), \(record.seed.text), \(record.seed.commitment),
                \(Int32(cohort.answers.days)), \(cohort.answers.refill.rawValue))
            ON CONFLICT (tenant_id, slug) DO NOTHING
            """
        )
        guard inserted == 1 else {
            throw Problem(
                .conflict,
                type: "slug-taken",
                title: "There is a cohort with this slug",
                errors: [.init("/slug", "is taken")]
            )
        }
    }

    func find(_ id: CohortID, _ lock: RowLock = .none, in tx: borrowing Transaction) async throws -> CohortRecord {
        let rows = try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.cohorts
            WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
            \(lock.sql)
            """
        )
        guard let row = rows.first else { throw Problem.notFound("cohort") }
        return try Self.record(row)
    }

    func list(after id: UUID, limit: Int, in tx: borrowing Transaction) async throws -> [CohortRecord] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.cohorts
            WHERE tenant_id = \(tenant.uuid) AND id > \(id) ORDER BY id LIMIT \(limit)
            """
        ).map(Self.record)
    }

    /// Locks the cohort and stores what `change` makes of it.
    func change(
        _ id: CohortID,
        in tx: borrowing Transaction,
        _ change: (inout Cohort) throws(CohortRefusal) -> Void
    ) async throws -> CohortRecord {
        var record = try await find(id, .update, in: tx)
        do throws(CohortRefusal) {
            try change(&record.cohort)
        } catch {
            throw Problem(error)
        }
        try await save(record.cohort, in: tx)
        return record
    }

    /// Stores state and version. The caller holds the row's lock.
    func save(_ cohort: Cohort, in tx: borrowing Transaction) async throws {
        tx.enqueue(
            """
            UPDATE matchmaking.cohorts SET state = \(cohort.state.rawValue), version = \(cohort.version)
            WHERE tenant_id = \(tenant.uuid) AND id = \(cohort.id.uuid)
            """
        )
    }

    func counts(of ids: [CohortID], in tx: borrowing Transaction) async throws -> [CohortID: CohortCounts] {
        let rows = try await tx.query(
            """
            SELECT c.id,
                (SELECT count(*) FROM matchmaking.universities u
                    WHERE u.tenant_id = \(tenant.uuid) AND u.cohort_id = c.id),
                f.count, f.places,
                (SELECT count(*) FROM matchmaking.applicants a
                    WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = c.id)
            FROM unnest(\(ids.map(\.uuid))) AS c (id)
            CROSS JOIN LATERAL (
                SELECT count(*) AS count, coalesce(sum(capacity), 0)::bigint AS places FROM matchmaking.firms
                WHERE tenant_id = \(tenant.uuid) AND cohort_id = c.id) AS f
            """
        )
        var counts: [CohortID: CohortCounts] = [:]
        for row in rows {
            let (id, universities, firms, places, applicants) = try row.decode(
                UUID.self,
                Int.self,
                Int.self,
                Int.self,
                Int.self
            )
            counts[CohortID(id)] = CohortCounts(
                universities: universities,
                firms: firms,
                places: places,
                applicants: applicants
            )
        }
        return counts
    }

    private static let columns: SQL = """
        id, slug, title, ranking_deadline, maximum_choices, state, version, lottery_seed, lottery_commitment, created_at,
        answer_days, refill
        """

    // Inlined into an asynchronous function, such a function crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func record(_ row: Row) throws -> CohortRecord {
        let (id, slug, title, deadline, maximum, state, version, seed, commitment, createdAt, days, refill) =
            try row.decode(
                UUID.self,
                String.self,
                JSON<LocalizedText>.self,
                Date.self,
                Int32.self,
                String.self,
                Int.self,
                String.self,
                String.self,
                Date.self,
                Int32.self,
                String.self
            )
        let cohort = Cohort(
            id: CohortID(id),
            slug: try Slug(slug),
            title: title.value,
            rankingDeadline: deadline,
            maximumChoices: Int(maximum),
            answers: AnswerRules(days: Int(days), refill: AnswerRules.Refill(rawValue: refill) ?? .approved),
            state: try CohortState(stored: state),
            version: version
        )
        return CohortRecord(cohort: cohort, seed: LotterySeed(text: seed, commitment: commitment), createdAt: createdAt)
    }
}

extension CohortState {
    init(stored text: String) throws {
        guard let state = Self(rawValue: text) else {
            throw PostgresError(.decoding, message: "\(text) is no state of a cohort")
        }
        self = state
    }
}
