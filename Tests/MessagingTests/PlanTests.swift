import Domain
import Postgres
import TestKit
import Testing

@testable import Messaging

/// The hot statements stay on their indexes, also where the planner knows nothing of the tables, or the wrong thing.
@Suite struct PlanTests {
    @Test func readsAndAcknowledgementsScanNoTable() async throws {
        try await Bench.run { bench in
            try await bench.consumer(bench.router()).drain()
            try await bench.publish(contentsOf: (1...2000).map { Counted(key: "k\($0)", number: $0) })
            try await bench.test.withPool { try await $0.executeScript("ANALYZE") }
            try await bench.database.transaction { tx in
                try await tx.query(
                    """
                    SELECT queue.read(1, 12288, 2, 1000, pg_current_snapshot(),
                                      (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 20)::text::xid8,
                                      NULL, NULL, 100, '{counted.v1}', '{counted}', true)
                    """
                )
                try await tx.query(
                    "SELECT queue.acknowledge(1, 12288, 99, NULL, 0, 0, pg_current_snapshot(), NULL, NULL, NULL, 0, 0)"
                )
                let scans = try await tx.query(
                    """
                    SELECT relname::text, seq_scan, idx_scan FROM pg_stat_xact_user_tables
                    WHERE schemaname = 'queue' AND (relname LIKE 'log_%' OR relname = 'ledger')
                    ORDER BY relname
                    """
                ).map { try $0.decode(String.self, Int64.self, Int64.self) }
                #expect(scans.map(\.0) == ["ledger", "log_0", "log_1", "log_2"])
                #expect(scans.allSatisfy { $0.1 == 0 })
                #expect(scans.allSatisfy { $0.2 > 0 })
            }
        }
    }

    /// Late commits are looked up by their transactions: what a cursor has passed is not read again, also where nothing
    /// has been analyzed.
    @Test func whatLiesBehindACursorIsNotReadAgain() async throws {
        try await Bench.run { bench in
            try await bench.consumer(bench.router()).drain()
            try await bench.publish(contentsOf: (1...2000).map { Counted(key: "k\($0)", number: $0) })
            let fetched = try await bench.database.transaction { tx in
                try await tx.query(
                    """
                    SELECT queue.read(1, 12288, 2, 1000000, pg_current_snapshot(),
                                      (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 20)::text::xid8,
                                      NULL, NULL, 100, '{counted.v1}', '{counted}', false)
                    """
                )
                return try await tx.query(
                    """
                    SELECT sum(idx_tup_fetch)::int8 FROM pg_stat_xact_user_tables
                    WHERE schemaname = 'queue' AND relname LIKE 'log_%'
                    """
                ).first?.decode(Int64.self)
            }
            #expect(fetched == 0)
        }
    }

    @Test func dueRetriesAreClaimedByTheirIndex() async throws {
        try await Bench.run { bench in
            try await bench.test.withPool { owner in
                try await owner.executeScript(
                    """
                    INSERT INTO queue.retries
                    SELECT 1, gen_random_uuid(), now() + n * interval '1 s', false, 2, now(), '', now(), gen_random_uuid(), '', '',
                           '{}', '{}'
                    FROM generate_series(1, 5000) n;
                    ANALYZE queue.retries
                    """
                )
            }
            let plan = try await bench.database.query(
                "EXPLAIN \(FailureStatements.claim(subscription: 1, lease: .seconds(1)))"
            ).map { try $0.decode(String.self) }.joined(separator: "\n")
            #expect(plan.contains("Index Scan using retries_due"))
            #expect(plan.contains("retries_pkey"))
            #expect(!plan.contains("Seq Scan"))
        }
    }
}
