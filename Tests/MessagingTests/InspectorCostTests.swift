import Domain
import Foundation
import Postgres
import TestKit
import Testing

@testable import Messaging

/// Operators look while the queue is in trouble: a look must not depend on how much the log holds.
@Suite(.timeLimit(.minutes(10))) struct InspectorCostTests {
    /// What the server itself counts while each statement runs, those inside functions too: which tables were scanned,
    /// and how many rows of the log were read.
    @Test func nothingIsCountedOverTheLog() async throws {
        try await Bench.run { bench in
            try await bench.test.withPool(role: "tradewind_queue") { database in
                func publish(_ count: Int) async throws {
                    let messages = (1...count).map { Counted(key: "k\($0)", number: $0) }
                    try await database.transaction(tenant: tenant) { try $0.publish(contentsOf: messages) }
                }
                try await publish(20_000)
                try await bench.consumer(bench.router(), database: database).drain()
                try await publish(50)
            }
            try await bench.test.withPool(configure: { $0.maximumConnections = 1 }) { owner in
                try await untilAlone(owner)
                // Among the old ones, published an hour ago.
                try await owner.executeScript(
                    """
                    UPDATE queue.log SET published_at = published_at - interval '1 hour' WHERE position <= 20000
                    """
                )
                try await owner.executeScript("VACUUM ANALYZE queue.log")
                let row = try #require(
                    try await owner.query("SELECT id, lane, position FROM queue.log WHERE position = 20030").first
                )
                let (message, lane, position) = try row.decode(UUID.self, Int32.self, Int64.self)
                let inspector = QueueInspector(database: owner)
                let place = QueueInspector.Place(lane: lane, position: position)
                func costs(atMost bound: Int, _ name: String, _ look: () async throws -> Void) async throws {
                    let before = try await Scans.ofLog(owner)
                    try await look()
                    let cost = try await Scans.ofLog(owner) - before
                    #expect(cost.sequential == 0, "\(name)")
                    #expect(cost.rows <= bound, "\(name)")
                }
                let lanes = 4
                try await costs(atMost: 50, "subscriptions") {
                    let lag = try await inspector.subscriptions().map(\.lag)
                    #expect(lag == [50])
                }
                // The newest 500 of each lane tell the rate.
                try await costs(atMost: 50 + lanes * 500, "topics") {
                    let published = try await inspector.topics().map(\.published)
                    #expect(published.reduce(0, +) == 20_050)
                }
                try await costs(atMost: 50, "lanes") {
                    let lag = try await inspector.lanes().map(\.lag)
                    #expect(lag.reduce(0, +) == 50)
                }
                try await costs(atMost: 0, "the log, timers, schedules and failures") {
                    _ = try await inspector.log()
                    _ = try await inspector.timersState()
                    _ = try await inspector.timers()
                    _ = try await inspector.schedules()
                    _ = try await inspector.failedMessages()
                }
                // In each lane its two ends, some halvings, and what was published in that minute.
                try await costs(atMost: 50 + lanes * 20 + 5, "a message") {
                    let fates = try await inspector.message(message)?.subscriptions
                    #expect(fates?.count == 1)
                }
                try await costs(atMost: 50 + lanes * 20, "a message that is not there") {
                    let found = try await inspector.message(message.sibling)
                    #expect(found == nil)
                }
                try await costs(atMost: 1, "its fates") {
                    _ = try await inspector.look(InspectorStatements.fates(place, message))
                }
            }
        }
    }

    /// The server counts what all connections do, and others may tell as late as at their end what they did.
    private func untilAlone(_ database: Database) async throws {
        let others: SQL = """
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """
        while try await !database.query(others).isEmpty {}
    }

    @Test func aLargeLagIsCountedToItsLimitAndSaidToBeMore() async throws {
        try await Bench.run { bench in
            try await bench.consumer(bench.router("one")).drain()
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.consumer(bench.router("two")).drain()
            try await bench.test.withPool(configure: { $0.maximumConnections = 1 }) { owner in
                let inspector = QueueInspector(database: owner)
                var topics = try await inspector.topics()
                #expect(topics.map(\.published) == [0, 0, 0, 1])
                #expect(topics.allSatisfy { !$0.publishedIsAtLeast })
                #expect(try await inspector.subscriptions().allSatisfy { !$0.lagIsAtLeast })
                try await owner.executeScript(
                    """
                    INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
                    SELECT gen_random_uuid(), gen_random_uuid(), t.first_lane, 0, 'counted.v1', '', '{}', '{}'
                    FROM queue.topics t, generate_series(1, 30000) WHERE t.topic IN ('events', 'tests')
                    """
                )
                let before = try await Scans.ofLog(owner)
                let states = try await inspector.subscriptions()
                let cost = try await Scans.ofLog(owner) - before
                #expect(states.map(\.lag) == [10_001, 10_000])
                #expect(states.allSatisfy { $0.lagIsAtLeast })
                #expect(cost.sequential == 0)
                #expect(cost.rows <= 2 * 10_001)
                let lanes = try await inspector.lanes(of: "two")
                #expect(lanes.map(\.lag) == [10_000, 0, 0, 0])
                #expect(lanes.map(\.lagIsAtLeast) == [true, false, false, false])
                // Of `events` nobody has counted any.
                topics = try await inspector.topics()
                #expect(topics.map(\.published) == [10_000, 0, 0, 10_001])
                #expect(topics.map(\.publishedIsAtLeast) == [true, false, false, true])
            }
        }
    }

    @Test func manyTimersAndFailuresAreSaidToBeMore() async throws {
        try await Bench.run { bench in
            try await bench.consumer(bench.router()).drain()
            try await bench.test.withPool(configure: { $0.maximumConnections = 1 }) { owner in
                let inspector = QueueInspector(database: owner)
                for (added, isAtLeast) in [(Int32(9_999), false), (2, true)] {
                    try await owner.execute(
                        """
                        INSERT INTO queue.timers (id, due, tenant, topic, type, subject, headers, body)
                        SELECT gen_random_uuid(), now(), gen_random_uuid(), 'tests', '', '', '{}', '{}'
                        FROM generate_series(1, \(added))
                        """
                    )
                    try await owner.execute(
                        """
                        INSERT INTO queue.retries (subscription, id, due, attempt, error, published_at, tenant, type,
                                                   subject, headers, body)
                        SELECT 1, gen_random_uuid(), now(), 1, '', now(), gen_random_uuid(), '', '', '{}', '{}'
                        FROM generate_series(1, \(added))
                        """
                    )
                    try await owner.execute(
                        """
                        INSERT INTO queue.dead_letters (subscription, id, attempt, error, published_at, tenant, type,
                                                        subject, headers, body)
                        SELECT 1, gen_random_uuid(), 1, '', now(), gen_random_uuid(), '', '', '{}', '{}'
                        FROM generate_series(1, \(added))
                        """
                    )
                    let timers = try await inspector.timersState()
                    let state = try #require(try await inspector.subscriptions().first)
                    for (count, isLeast) in [
                        (timers.waiting, timers.waitingIsAtLeast), (state.retries, state.retriesAreAtLeast),
                        (state.deadLetters, state.deadLettersAreAtLeast),
                    ] {
                        #expect(count == (isAtLeast ? 10_000 : 9_999))
                        #expect(isLeast == isAtLeast)
                    }
                }
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

    /// Rows, since to scan a segment that is empty costs nothing. Of an index the entries count, so that a scan of an
    /// index alone is seen too.
    private static func read(_ condition: SQL, _ database: Database) async throws -> Scans {
        try await database.query("SELECT pg_stat_force_next_flush()")
        let rows = try await database.query(
            """
            SELECT sum(seq_tup_read)::bigint, sum(idx_scan)::bigint,
                   (sum(seq_tup_read) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes
                                         WHERE schemaname = 'queue' AND \(condition)))::bigint
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

extension UUID {
    /// Another one, made in the same moment.
    fileprivate var sibling: UUID {
        var bytes = uuid
        bytes.15 ^= 1
        return UUID(uuid: bytes)
    }
}
