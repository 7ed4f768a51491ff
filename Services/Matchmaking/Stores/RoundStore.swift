import Domain
import Foundation
import Postgres
import ServiceKit

/// A round, and when it was published if it was.
struct StoredRound: Sendable {
    let record: RoundRecord
    let publishedAt: Date?
}

/// A tenant's rounds. They can be stored and read, never changed: the tables' policies see to that.
struct RoundStore: Sendable {
    let tenant: TenantID

    func insert(_ round: RoundRecord, _ firms: [FirmOutcome], in tx: borrowing Transaction) async throws {
        tx.enqueue(
            """
            INSERT INTO matchmaking.rounds (tenant_id, id, cohort_id, created_at, number, placed, unplaced,
                rules_version, market_version, blocking_pairs, run_id, engine, seed_hash, certificate, statistics)
            VALUES (\(tenant.uuid), \(round.id.uuid), \(round.cohort.uuid), \(round.createdAt), \(round.number),
                \(round.placed), \(round.unplaced), \(round.rulesVersion), \(round.marketVersion), \(round.blockingPairs), \(round.runID), \(round.engine),
                \(round.seedHash), \(JSON(round.certificate)), \(JSON(round.statistics)))
            """
        )
        tx.enqueue(
            """
            INSERT INTO matchmaking.round_firms
                (tenant_id, round_id, cohort_id, firm_id, capacity, filled, last_rank, last_lottery)
            SELECT \(tenant.uuid), \(round.id.uuid), \(round.cohort.uuid), firm, capacity, filled,
                nullif(last_rank, 0), nullif(last_lottery, '')
            FROM unnest(\(firms.map(\.firm.uuid)), \(firms.map { Int32($0.capacity) }),
                \(firms.map { Int32($0.filled) }), \(firms.map { $0.lastRank ?? 0 }),
                \(firms.map { $0.lastLottery ?? "" })) AS entry (firm, capacity, filled, last_rank, last_lottery)
            """
        )
    }

    func find(_ id: RoundID, in tx: borrowing Transaction) async throws -> StoredRound {
        let rows = try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.rounds r
            LEFT JOIN matchmaking.publications p ON (p.tenant_id, p.round_id) = (r.tenant_id, r.id)
            WHERE r.tenant_id = \(tenant.uuid) AND r.id = \(id.uuid)
            """
        )
        guard let row = rows.first else { throw Problem.notFound("round") }
        return try Self.round(row)
    }

    func list(
        of cohort: CohortID,
        after id: UUID,
        limit: Int,
        in tx: borrowing Transaction
    ) async throws -> [StoredRound] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.rounds r
            LEFT JOIN matchmaking.publications p ON (p.tenant_id, p.round_id) = (r.tenant_id, r.id)
            WHERE r.tenant_id = \(tenant.uuid) AND r.cohort_id = \(cohort.uuid) AND r.id > \(id)
            ORDER BY r.id LIMIT \(limit)
            """
        ).map(Self.round)
    }

    /// The newest first.
    func latest(of cohort: CohortID, limit: Int, in tx: borrowing Transaction) async throws -> [StoredRound] {
        try await tx.query(
            """
            SELECT \(Self.columns) FROM matchmaking.rounds r
            LEFT JOIN matchmaking.publications p ON (p.tenant_id, p.round_id) = (r.tenant_id, r.id)
            WHERE r.tenant_id = \(tenant.uuid) AND r.cohort_id = \(cohort.uuid) ORDER BY r.id DESC LIMIT \(limit)
            """
        ).map(Self.round)
    }

    /// How the firms came out of rounds, in the order in which they joined the cohort.
    func firms(of rounds: [RoundID], in tx: borrowing Transaction) async throws -> [RoundID: [(Firm, FirmOutcome)]] {
        let rows = try await tx.query(
            """
            SELECT o.round_id, f.id, f.code, f.name, o.capacity, o.filled, o.last_rank, o.last_lottery
            FROM matchmaking.round_firms o
            JOIN matchmaking.firms f ON (f.tenant_id, f.id) = (o.tenant_id, o.firm_id)
            WHERE o.tenant_id = \(tenant.uuid) AND o.round_id = ANY(\(rounds.map(\.uuid)))
            ORDER BY o.round_id, f.id
            """
        )
        var firms: [RoundID: [(Firm, FirmOutcome)]] = [:]
        for row in rows {
            let (round, id, code, name, capacity, filled, rank, lottery) = try row.decode(
                UUID.self,
                UUID.self,
                String.self,
                JSON<LocalizedText>.self,
                Int32.self,
                Int32.self,
                Int?.self,
                String?.self
            )
            let firm = Firm(id: FirmID(id), code: try Slug(code), name: name.value, capacity: Int(capacity))
            let outcome = FirmOutcome(
                firm: firm.id,
                capacity: firm.capacity,
                filled: Int(filled),
                lastRank: rank,
                lastLottery: lottery
            )
            firms[RoundID(round), default: []].append((firm, outcome))
        }
        return firms
    }

    private static let columns: SQL = """
        r.id, r.cohort_id, r.number, r.created_at, r.placed, r.unplaced, r.blocking_pairs, r.run_id, r.engine,
        r.seed_hash, r.certificate, r.statistics, p.published_at, r.rules_version, r.market_version
        """

    private static func round(_ row: Row) throws -> StoredRound {
        let (
            id, cohort, number, createdAt, placed, unplaced, blocking, run, engine, seedHash, proof, figures, published,
            rules, market
        ) =
            try row.decode(
                UUID.self,
                UUID.self,
                Int.self,
                Date.self,
                Int.self,
                Int.self,
                Int.self,
                String.self,
                String.self,
                String.self,
                JSON<CertificateRecord>.self,
                JSON<StatisticsRecord>.self,
                Date?.self,
                Int.self,
                Int.self
            )
        let record = RoundRecord(
            id: RoundID(id),
            cohort: CohortID(cohort),
            number: number,
            rulesVersion: rules,
            marketVersion: market,
            createdAt: createdAt,
            placed: placed,
            unplaced: unplaced,
            blockingPairs: blocking,
            runID: run,
            engine: engine,
            seedHash: seedHash,
            certificate: proof.value,
            statistics: figures.value
        )
        return StoredRound(record: record, publishedAt: published)
    }
}
