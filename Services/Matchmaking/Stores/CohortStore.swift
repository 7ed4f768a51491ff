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
            case .share: "FOR SHARE OF c"
            case .update: "FOR UPDATE OF c"
            }
        }
    }

    func insert(_ record: CohortRecord, by author: Author, in tx: borrowing Transaction) async throws {
        let cohort = record.cohort
        let inserted = try await tx.execute(
            """
            INSERT INTO matchmaking.cohorts (tenant_id, id, created_at, ranking_deadline, version, market_version,
                state, slug, title, lottery_seed, lottery_commitment)
            VALUES (\(tenant.uuid), \(cohort.id.uuid), \(record.createdAt), \(cohort.rankingDeadline),
                \(cohort.version), \(cohort.marketVersion), \(cohort.state.rawValue),
                \(cohort.slug.description), \(JSON(cohort.title)), \(record.seed.text), \(record.seed.commitment))
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
        let rules = RulesRecord(
            version: cohort.rulesVersion,
            createdAt: record.createdAt,
            effectiveFrom: record.createdAt,
            author: author.name,
            reason: nil,
            rules: cohort.rules
        )
        RulesStore(tenant: tenant).insert(rules, of: cohort.id, in: tx)
    }

    func find(_ id: CohortID, _ lock: RowLock = .none, in tx: borrowing Transaction) async throws -> CohortRecord {
        let rows = try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.cohorts c
            WHERE tenant_id = \(tenant.uuid) AND id = \(id.uuid)
            \(lock.sql)
            """
        )
        // Read after the row is locked: rules that come into force change the row as well.
        guard let record = try await records(rows, in: tx).first else { throw Problem.notFound("cohort") }
        return record
    }

    func list(after id: UUID, limit: Int, in tx: borrowing Transaction) async throws -> [CohortRecord] {
        let rows = try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.cohorts c
            WHERE tenant_id = \(tenant.uuid) AND id > \(id) ORDER BY id LIMIT \(limit)
            """
        )
        return try await records(rows, in: tx)
    }

    private func records(_ rows: [Row], in tx: borrowing Transaction) async throws -> [CohortRecord] {
        let ids = try rows.map { CohortID(try $0.decode(UUID.self, column: "id")) }
        let rules = try await RulesStore(tenant: tenant).inForce(of: ids, in: tx)
        return try zip(ids, rows).compactMap { id, row in try rules[id].map { try Self.record(row, $0) } }
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

    /// Stores state, deadline and version. The caller holds the row's lock.
    func save(_ cohort: Cohort, in tx: borrowing Transaction) async throws {
        tx.enqueue(
            """
            UPDATE matchmaking.cohorts SET state = \(cohort.state.rawValue), version = \(cohort.version),
                market_version = \(cohort.marketVersion), ranking_deadline = \(cohort.rankingDeadline)
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
                    WHERE a.tenant_id = \(tenant.uuid) AND a.cohort_id = c.id AND a.withdrawn_at IS NULL)
            FROM unnest(\(ids.map(\.uuid))) AS c (id)
            CROSS JOIN LATERAL (
                SELECT count(*) AS count, coalesce(sum(capacity), 0)::bigint AS places FROM matchmaking.firms
                WHERE tenant_id = \(tenant.uuid) AND cohort_id = c.id AND withdrawn_at IS NULL) AS f
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
        c.id, c.slug, c.title, c.ranking_deadline, c.state, c.version, c.market_version, c.lottery_seed,
        c.lottery_commitment, c.created_at,
        EXISTS (SELECT FROM matchmaking.publications p WHERE (p.tenant_id, p.cohort_id) = (c.tenant_id, c.id))
        """

    // Inlined into an asynchronous function, such a function crashes the optimizer of Swift 6.3.1.
    @inline(never)
    private static func record(_ row: Row, _ rules: RulesRecord) throws -> CohortRecord {
        let (id, slug, title, deadline, state, version, market, seed, commitment, createdAt, isPublished) =
            try row.decode(
                UUID.self,
                String.self,
                JSON<LocalizedText>.self,
                Date.self,
                String.self,
                Int.self,
                Int.self,
                String.self,
                String.self,
                Date.self,
                Bool.self
            )
        let cohort = Cohort(
            id: CohortID(id),
            slug: try Slug(slug),
            title: title.value,
            rankingDeadline: deadline,
            rules: rules.rules,
            rulesVersion: rules.version,
            state: try CohortState(stored: state),
            version: version,
            marketVersion: market
        )
        return CohortRecord(
            cohort: cohort,
            seed: LotterySeed(text: seed, commitment: commitment),
            createdAt: createdAt,
            isPublished: isPublished
        )
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
