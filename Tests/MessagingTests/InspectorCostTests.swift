import Domain
import Foundation
import Messaging
import Postgres
import TestKit
import Testing

/// Operators look while the queue is in trouble: a look must not depend on how much the log holds.
@Suite struct InspectorCostTests {
    @Test func nothingIsCountedOverTheLog() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await bench.publish(contentsOf: (1...20_000).map { Counted(key: "k\($0)", number: $0) })
            try await consumer.drain()
            try await bench.publish(contentsOf: (1...50).map { Counted(key: "k\($0)", number: $0) })
            try await bench.test.withPool(configure: { $0.maximumConnections = 1 }) { owner in
                try await owner.executeScript("ANALYZE")
                let before = try await Scans.ofLog(owner)
                let inspector = QueueInspector(database: owner)
                #expect(try await inspector.subscriptions().map(\.lag) == [50])
                #expect(try await inspector.topics().map(\.published).reduce(0, +) == 20_050)
                #expect(try await inspector.lanes().map(\.lag).reduce(0, +) == 50)
                _ = try await inspector.timersState()
                _ = try await inspector.schedules()
                _ = try await inspector.failedMessages()
                let cost = try await Scans.ofLog(owner) - before
                #expect(cost.sequential == 0)
                #expect(cost.byIndex > 0)
                // Three looks at what lies beyond the cursors, and the newest 500 of each of four lanes.
                #expect(cost.rows <= 3 * 50 + 4 * 500)
            }
        }
    }

    @Test func aLargeLagIsCountedToItsLimit() async throws {
        try await Bench.run { bench in
            try await bench.consumer(bench.router()).drain()
            try await bench.test.withPool(configure: { $0.maximumConnections = 1 }) { owner in
                try await owner.executeScript(
                    """
                    INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
                    SELECT gen_random_uuid(), gen_random_uuid(), t.first_lane, 0, 'counted.v1', '', '{}', '{}'
                    FROM queue.topics t, generate_series(1, 30000) WHERE t.topic = 'tests'
                    """
                )
                let before = try await Scans.ofLog(owner)
                #expect(try await QueueInspector(database: owner).subscriptions().map(\.lag) == [10_000])
                let cost = try await Scans.ofLog(owner) - before
                #expect(cost.sequential == 0)
                #expect(cost.rows <= 10_000)
            }
        }
    }

    @Test func failuresAreFoundByTheirIndexes() async throws {
        try await Bench.run { bench in
            try await bench.test.withPool(configure: { $0.maximumConnections = 1 }) { owner in
                try await owner.executeScript(
                    """
                    INSERT INTO queue.dead_letters (subscription, id, attempt, error, published_at, tenant, type, subject,
                                                    headers, body)
                    SELECT 1, gen_random_uuid(), 1, '', now(), gen_random_uuid(), '', '', '{}', '{}'
                    FROM generate_series(1, 20000);
                    INSERT INTO queue.retries (subscription, id, due, attempt, error, published_at, tenant, type, subject,
                                               headers, body)
                    SELECT 1, gen_random_uuid(), now(), 1, '', now(), gen_random_uuid(), '', '', '{}', '{}'
                    FROM generate_series(1, 20000);
                    ANALYZE queue.dead_letters, queue.retries
                    """
                )
                let before = try await Scans.ofFailures(owner)
                _ = try await QueueInspector(database: owner).failedMessages(limit: 100)
                let cost = try await Scans.ofFailures(owner) - before
                #expect(cost.sequential == 0)
                #expect(cost.rows <= 2 * 100)
            }
        }
    }
}

/// What a connection's statements read of some tables, as the server counts it.
private struct Scans {
    var sequential: Int
    var byIndex: Int
    var rows: Int

    static func ofLog(_ database: Database) async throws -> Scans {
        try await read("relname LIKE 'log_%'", database)
    }

    static func ofFailures(_ database: Database) async throws -> Scans {
        try await read("relname IN ('retries', 'dead_letters')", database)
    }

    private static func read(_ condition: SQL, _ database: Database) async throws -> Scans {
        try await database.query("SELECT pg_stat_force_next_flush()")
        let rows = try await database.query(
            """
            SELECT sum(seq_scan)::bigint, sum(idx_scan)::bigint, (sum(idx_tup_fetch) + sum(seq_tup_read))::bigint
            FROM pg_stat_user_tables WHERE schemaname = 'queue' AND \(condition)
            """
        )
        let (sequential, byIndex, fetched) = try #require(rows.first).decode(Int.self, Int.self, Int.self)
        return Scans(sequential: sequential, byIndex: byIndex, rows: fetched)
    }

    static func - (left: Scans, right: Scans) -> Scans {
        Scans(
            sequential: left.sequential - right.sequential,
            byIndex: left.byIndex - right.byIndex,
            rows: left.rows - right.rows
        )
    }
}
