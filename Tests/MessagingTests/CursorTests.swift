import Domain
import Postgres
import TestKit
import Testing

@testable import Messaging

/// What commits late is not skipped, however the cursor has moved on.
@Suite struct CursorTests {
    @Test func aSlowTransactionIsNotSkipped() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            try await bench.database.transaction(tenant: tenant) { slow in
                try slow.publish(Counted(key: "a", number: 1))
                try await slow.execute("SELECT 1")
                try await bench.publish(Counted(key: "a", number: 2))
                #expect(try await consumer.drain() == 1)
                try await bench.publish(Counted(key: "a", number: 3))
                #expect(try await consumer.drain() == 1)
            }
            #expect(try await consumer.drain() == 1)
            #expect(try await bench.effects().map(\.number) == [2, 3, 1])
        }
    }

    /// Its id lies beyond the end of the snapshot in which the message was read that it commits behind; unless another
    /// transaction of the server ended in between, so this is tried until none did.
    @Test(.timeLimit(.minutes(10))) func aTransactionThatGotItsIDLaterIsNotSkipped() async throws {
        try await Bench.run { bench in
            let worker = Worker(bench.consumer(bench.router()))
            try await worker.declareSubscriptions()
            var cursor = try #require(try await lane(of: "a", worker, bench))
            var isBeyond = false
            while !isBeyond {
                let before = try await bench.effects().count
                try await bench.database.transaction(tenant: tenant) { slow in
                    try await bench.database.transaction(tenant: tenant) { quick in
                        try await quick.query("SELECT pg_current_xact_id()")
                        try slow.publish(Counted(key: "a", number: 1))
                        try await slow.execute("SELECT 1")
                        try quick.publish(Counted(key: "a", number: 2))
                    }
                    cursor = try await worker.deliver(cursor).cursor
                    let row = try await slow.query(
                        "SELECT pg_current_xact_id() >= pg_snapshot_xmax(\(cursor.snapshot)::pg_snapshot)"
                    ).first
                    isBeyond = try row?.decode(Bool.self) ?? false
                }
                cursor = try await worker.deliver(cursor).cursor
                #expect(try await bench.effects().dropFirst(before).map(\.number) == [2, 1])
            }
            try await worker.life.end()
        }
    }

    @Test(arguments: [
        ("1000:1000:", "1000", "{}"), ("1000:1010:1001", "1000", "{}"), ("1000:1002:1000", "1004", "{1000,1002,1003}"),
        ("1000:1005:1000,1003", "1002", "{1000}"),
        ("4294967300:4294967303:4294967301", "4294967305", "{4294967301,4294967303,4294967304}"),
    ])
    func lateIsWhatWasInProgressOrBeganSince(_ snapshot: String, _ nextXID: String, _ late: String) async throws {
        try await Bench.run { bench in
            let rows = try await bench.database.query(
                "SELECT queue.late_xids(\(snapshot)::pg_snapshot, \(nextXID)::xid8)::text"
            )
            #expect(try rows.first?.decode(String.self) == late)
        }
    }

    /// What a slow handler leaves of a reading when its turn is over is read again, but not as much of it each time.
    @Test func whoIsSlowReadsNoMoreThanABatch() async throws {
        try await Bench.run { bench in
            var options = Consumer.Options.quick
            options.batchSize = 2
            let worker = Worker(bench.consumer(bench.router(), options: options))
            try await worker.declareSubscriptions()
            var cursor = try #require(try await lane(of: "a", worker, bench))
            try await bench.publish(contentsOf: (1...50).map { Counted(key: "a", number: $0) })
            #expect(cursor.readsAhead)
            for _ in 0..<3 {
                cursor = try await worker.deliver(cursor).cursor
                #expect(!cursor.readsAhead)
            }
            cursor = try await worker.deliver(cursor) { true }.cursor
            #expect(cursor.readsAhead)
            #expect(try await bench.effects().map(\.number) == Array(1...50))
            try await worker.life.end()
        }
    }

    @Test func aLateCommitLargerThanABatchIsReadPageByPage() async throws {
        try await Bench.run { bench in
            var options = Consumer.Options.quick
            options.batchSize = 10
            let consumer = bench.consumer(bench.router(), options: options)
            try await bench.database.transaction(tenant: tenant) { first in
                try first.publish(contentsOf: (1...35).map { Counted(key: "a", number: $0) })
                try await first.execute("SELECT 1")
                try await bench.database.transaction(tenant: tenant) { second in
                    try second.publish(contentsOf: (101...125).map { Counted(key: "a", number: $0) })
                    try await second.execute("SELECT 1")
                    try await bench.publish(Counted(key: "a", number: 201))
                    #expect(try await consumer.drain() == 1)
                }
            }
            // The second transaction's xid is higher; both are late.
            #expect(try await consumer.drain() == 60)
            #expect(try await bench.effects().map(\.number) == [201] + Array(1...35) + Array(101...125))
            try await bench.publish(Counted(key: "a", number: 202))
            #expect(try await consumer.drain() == 1)
        }
    }

    /// What was read at once goes into several transactions: late ones, on one page or two, others behind them, and what
    /// fails in the middle.
    @Test(arguments: [15, 40], [false, true])
    func smallBatchesAreReadSeveralAtATime(_ lateCount: Int, _ isStrict: Bool) async throws {
        try await Bench.run { bench in
            var options = Consumer.Options.quick
            options.batchSize = 10
            var router = bench.router { message, delivery, _ in
                if message.number == 3 && delivery.attempt == 1 { throw Boom() }
            }
            router.isStrict = isStrict
            let worker = Worker(bench.consumer(router, options: options))
            try await worker.declareSubscriptions()
            var outcome = LaneDelivery.Outcome(cursor: try #require(try await lane(of: "a", worker, bench)))
            try await bench.database.transaction(tenant: tenant) { slow in
                try slow.publish(contentsOf: (1...lateCount).map { Counted(key: "a", number: $0) })
                try await slow.execute("SELECT 1")
                try await bench.publish(Counted(key: "a", number: 100))
                outcome = try await worker.deliver(outcome.cursor) { true }
                #expect(outcome.handled == 1)
            }
            let numbers = Array(1...lateCount + 15)
            try await bench.publish(contentsOf: numbers.dropFirst(lateCount).map { Counted(key: "a", number: $0) })
            let before = outcome.cursor
            outcome = try await worker.deliver(before) { true }
            // Of 15 late ones: ten, five and five that are not, ten. Of 40: ten, ten, ten, two; eight; then ten and five.
            #expect(outcome.cursor.seq == before.seq + (lateCount == 15 ? 3 : 7))
            #expect(outcome.cursor.seen == before.seen + Int64(numbers.count))
            #expect(!outcome.hasMore && outcome.cursor.late == nil)
            let expected = [100] + numbers.filter { isStrict ? $0 < 3 : $0 != 3 }
            #expect(try await bench.effects().map(\.number) == expected)
            #expect(try await bench.state()?.retries == numbers.count + 1 - expected.count)
            // As the ledger has it, so has it who comes next.
            try await worker.ownership.giveBack([outcome.cursor])
            try await worker.life.end()
            let left = try await bench.consumer(router).drain(includingRetries: true)
            #expect(left == numbers.count + 1 - expected.count)
            #expect(try await bench.effects().map(\.number).sorted() == (numbers + [100]).sorted())
        }
    }

    private func lane(of key: String, _ worker: Worker, _ bench: Bench) async throws -> LaneCursor? {
        let number = try await bench.count("SELECT 12288 + (hashtextextended(\(key), 0) & 2147483647) % 4")
        return try await worker.spread(holding: []).taken.first { Int($0.lane.number) == number }
    }

    @Test(.timeLimit(.minutes(10))) func aCommitBetweenTwoPagesIsNotSkipped() async throws {
        let begun = Inbox<Void>()
        let inMidPage = Inbox<Void>()
        let committed = Inbox<Void>()
        try await Bench.run { bench in
            var options = Consumer.Options.quick
            options.batchSize = 10
            let router = bench.router { message, _, _ in
                guard message.number == 15 else { return }
                inMidPage.put(())
                _ = await committed.next()
            }
            let consumer = bench.consumer(router, options: options)
            try await consumer.drain()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await bench.database.transaction(tenant: tenant) { slowest in
                        try slowest.publish(Counted(key: "a", number: 0))
                        try await slowest.execute("SELECT 1")
                        begun.put(())
                        _ = await inMidPage.next()
                    }
                    committed.put(())
                }
                _ = await begun.next()
                try await bench.database.transaction(tenant: tenant) { slow in
                    try slow.publish(contentsOf: (1...35).map { Counted(key: "a", number: $0) })
                    try await slow.execute("SELECT 1")
                    try await bench.publish(Counted(key: "a", number: 100))
                    #expect(try await consumer.drain() == 1)
                }
                #expect(try await consumer.drain() == 36)
                try await group.waitForAll()
            }
            #expect(try await bench.effects().map(\.number) == [100] + Array(1...35) + [0])
        }
    }

    @Test func theLedgerIsTrimmedToItsNewestRows() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            for number in 1...3 {
                try await bench.publish(Counted(key: "a", number: number))
                try await consumer.drain()
            }
            try await bench.database.query("SELECT queue.trim('0 s')")
            #expect(try await bench.count("SELECT count(*) FROM queue.ledger") == 4)
            try await bench.publish(Counted(key: "a", number: 4))
            #expect(try await consumer.drain() == 1)
        }
    }
}
