import Domain
import Foundation
import Postgres
import TestKit
import Testing

@testable import Messaging

/// A replay loses nothing, a cut-off only what it says, and the figures stay true.
@Suite struct ReplayTests {
    private static let name = "testing.tests"

    private func published(_ bench: Bench) async throws -> Int? {
        try await bench.inspector.topics().first { $0.topic == "tests" }?.published
    }

    private func moment() -> Date {
        let time = Date()
        while Date() <= time.addingTimeInterval(0.001) {}
        return time
    }

    @Test func whatCommittedBehindTheCursorStillComes() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            let time = try await bench.database.transaction(tenant: tenant) { slow in
                try slow.publish(Counted(key: "a", number: 1))
                try await slow.execute("SELECT 1")
                try await bench.publish(Counted(key: "a", number: 2))
                let time = moment()
                try await bench.publish(Counted(key: "a", number: 3))
                #expect(try await consumer.drain() == 2)
                return time
            }
            #expect(try await published(bench) == 2)
            try await bench.operate { try await $0.replay(subscription: Self.name, from: .time(time)) }
            #expect(try await consumer.drain() == 2)
            #expect(try await bench.effects().map(\.number) == [2, 3, 1, 3])
            #expect(try await published(bench) == 3)
            try await bench.operate { try await $0.replay(subscription: Self.name, from: .start) }
            #expect(try await published(bench) == 3)
            #expect(try await consumer.drain() == 3)
            #expect(try await published(bench) == 3)
        }
    }

    /// In the middle of the pages of a large late commit.
    @Test(arguments: [0, 5, 11, 30, 40, 61]) func aReplayBetweenPagesLosesNothing(_ back: Int) async throws {
        try await Bench.run { bench in
            var options = Consumer.Options.quick
            options.batchSize = 10
            let consumer = bench.consumer(bench.router(), options: options)
            try await consumer.drain()
            try await bench.publish(contentsOf: (1...5).map { Counted(key: "a", number: $0) })
            #expect(try await consumer.drain() == 5)
            try await bench.database.transaction(tenant: tenant) { slow in
                try slow.publish(contentsOf: (6...40).map { Counted(key: "a", number: $0) })
                try await slow.execute("SELECT 1")
                try await bench.publish(contentsOf: (41...60).map { Counted(key: "a", number: $0) })
                #expect(try await consumer.drain() == 20)
            }
            // One page of it.
            let worker = Worker(consumer)
            try await worker.declareSubscriptions()
            let cursor = try #require(
                try await worker.spread(holding: []).taken.first { $0.position > 0 }
            )
            let outcome = try await worker.deliver(cursor)
            #expect(outcome.handled == 10)
            #expect(outcome.cursor.late != nil)
            try await worker.life.end()
            let handled = Set(try await bench.effects().map(\.number))
            #expect(handled.count == 35)

            let first = try await bench.count("SELECT min(position) FROM queue.log")
            try await bench.operate { owner in
                _ = try await owner.database.query(
                    """
                    SELECT queue.set_back(c, \(Int64(first + back - 1))) FROM queue.fence_all(\(Self.name)) c
                    WHERE position > 0
                    """
                )
            }
            let unread = Set(1...60).subtracting(handled)
            // What is late and unread counts when it is read.
            #expect(try await published(bench) == 60 - unread.count { $0 <= back })
            let again = handled.filter { $0 > back }
            #expect(try await consumer.drain() == unread.count + again.count)
            #expect(
                Set(try await bench.effects().suffix(unread.count + again.count).map(\.number)) == unread.union(again)
            )
            #expect(try await published(bench) == 60)
            #expect(try await bench.state()?.lag == 0)
        }
    }

    @Test func aReplayJumpsOverNothing() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await bench.publish(contentsOf: (1...20).map { Counted(key: "k\($0)", number: $0) })
            let time = moment()
            try await bench.publish(Counted(key: "a", number: 21))
            // It lags from the beginning.
            _ = try await bench.database.query("SELECT queue.declare('testing.tests', 'tests')")
            try await bench.operate { owner in
                try await owner.replay(subscription: Self.name, from: .time(time))
                try await owner.replay(subscription: Self.name, from: .now)
            }
            #expect(try await consumer.drain() == 21)
        }
    }

    @Test func aCutOffJumpsOverWhatLagsAndNoMore() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.database.transaction(tenant: tenant) { open in
                try open.publish(Counted(key: "a", number: 2))
                try await open.execute("SELECT 1")
                try await bench.database.transaction(tenant: tenant) { late in
                    try late.publish(Counted(key: "a", number: 3))
                    try await late.execute("SELECT 1")
                    try await bench.publish(Counted(key: "a", number: 4))
                    #expect(try await consumer.drain() == 2)
                }
                try await bench.publish(Counted(key: "a", number: 5))
                // Of what is left, 3 and 5 are there, and 2 is still to come.
                try await bench.operate { try await $0.cutOff(subscription: Self.name) }
                #expect(try await published(bench) == 4)
                #expect(try await consumer.drain() == 0)
            }
            try await bench.publish(Counted(key: "a", number: 6))
            #expect(try await consumer.drain() == 2)
            #expect(try await bench.effects().map(\.number) == [1, 4, 2, 6])
            #expect(try await published(bench) == 6)
        }
    }

    @Test func aCutOffMayEndAtATime() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            try await bench.publish(contentsOf: (1...20).map { Counted(key: "k\($0)", number: $0) })
            let time = moment()
            try await bench.publish(contentsOf: (21...30).map { Counted(key: "k\($0)", number: $0) })
            try await bench.operate { try await $0.cutOff(subscription: Self.name, before: time) }
            #expect(try await bench.state()?.lag == 10)
            #expect(try await consumer.drain() == 10)
            // What was read is not read again.
            try await bench.operate { try await $0.cutOff(subscription: Self.name, before: time) }
            #expect(try await consumer.drain() == 0)
            #expect(try await published(bench) == 30)
        }
    }

    /// Against a look at every row, where the clocks of those that published differ.
    @Test func theHalvingFindsWhatAScanFinds() async throws {
        try await Bench.run { bench in
            try await bench.test.withPool { owner in
                try await owner.executeScript(
                    """
                    INSERT INTO queue.log (published_at, id, tenant, lane, segment, type, subject, headers, body)
                    SELECT '2026-01-01'::timestamptz + n * interval '1 s' + (hashint4(n) % 5000) * interval '1 ms',
                           gen_random_uuid(), gen_random_uuid(), n % 2, n % 3, '', '', '{}', '{}'
                    FROM generate_series(1, 2000) n ORDER BY n
                    """
                )
                let wrong: SQL = """
                    SELECT count(*)
                    FROM generate_series('2025-12-31 23:59:00'::timestamptz, '2026-01-01 00:35:00', '7.3 s') t,
                         generate_series(0, 2) lane
                    WHERE queue.position_before(lane, t, 99999)
                          <> (SELECT coalesce(min(position) - 1, 99999) FROM queue.log l
                              WHERE l.lane = lane.lane AND published_at >= t)
                    """
                let count = try #require(try await owner.query(wrong).first).decode(Int.self)
                #expect(count == 0)
            }
        }
    }

    @Test func manyMessagesAreReckoned() async throws {
        try await Bench.run { bench in
            try await bench.publish(contentsOf: (1...500).map { Counted(key: "a", number: $0) })
            let lane = Int32(try await bench.count("SELECT min(lane) FROM queue.log"))
            let last = Int64(try await bench.count("SELECT max(position) FROM queue.log"))
            func count(_ limit: Int32) async throws -> Int {
                try await bench.count("SELECT queue.count_between(\(lane), \(last - 500), \(last - 100), \(limit))")
            }
            #expect(try await count(1000) == 400)
            #expect(try await count(100) == 400)
            #expect(try await bench.count("SELECT queue.count_between(\(lane), 0, \(last - 500))") == 0)
        }
    }
}
