import Domain
import Messaging
import Postgres
import TestKit
import Testing

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
