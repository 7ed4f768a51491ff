import Domain
import Postgres
import TestKit
import Testing

@testable import Messaging

/// The log's segments are emptied when nobody needs them any more, and not before.
@Suite struct SegmentTests {
    @Test func aSegmentIsEmptiedOnlyWhenAllHaveReadIt() async throws {
        try await Bench.run { bench in
            let one = bench.consumer(bench.router("one"))
            let two = bench.consumer(bench.router("two"))
            for consumer in [one, two] { try await consumer.drain() }
            try await bench.publish(Counted(key: "a", number: 1))
            #expect(try await bench.rotate() == ["moved to 1"])
            try await bench.publish(Counted(key: "a", number: 2))
            try await one.drain()
            // No segment is empty any more, so one is made before it is needed.
            #expect(try await bench.rotate() == ["moved to 2", "made 3"])
            try await two.drain()
            #expect(try await bench.rotate() == ["emptied 0", "emptied 1"])
            #expect(try await bench.count("SELECT count(*) FROM queue.log") == 0)
            for consumer in [one, two] { #expect(try await consumer.drain() == 0) }
            #expect(try await bench.effects(of: "two").map(\.number) == [1, 2])
        }
    }

    @Test func theLogGrowsWhileASubscriptionLags() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            for number in 1...6 {
                try await bench.publish(Counted(key: "a", number: number))
                _ = try await bench.rotate()
            }
            #expect(try await bench.count("SELECT count(*) FROM queue.segments") == 8)
            #expect(try await consumer.drain() == 6)
            #expect(try await bench.rotate().count { $0.hasPrefix("emptied") } == 6)
            try await bench.publish(Counted(key: "a", number: 7))
            #expect(try await consumer.drain() == 1)
            #expect(try await bench.effects().map(\.number) == Array(1...7))
        }
    }

    @Test func aSegmentWithALateCommitWaitsForItsReaders() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await bench.database.transaction(tenant: tenant) { slow in
                try slow.publish(Counted(key: "a", number: 1))
                try await slow.execute("SELECT 1")
                try await bench.publish(Counted(key: "a", number: 2))
                #expect(try await consumer.drain() == 1)
                // All that can be seen was read, but the slow transaction may still commit into it.
                #expect(try await bench.rotate() == ["moved to 1"])
            }
            // The first message lies behind the cursor, and is unread.
            #expect(try await bench.rotate() == [])
            #expect(try await consumer.drain() == 1)
            #expect(try await bench.rotate() == ["emptied 0"])
            #expect(try await bench.effects().map(\.number) == [2, 1])
        }
    }

    @Test func whatAllHaveReadIsKeptForTheRetention() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            try await bench.publish(Counted(key: "a", number: 1))
            try await consumer.drain()
            try await bench.operate { owner in
                #expect(try await bench.rotate() == ["moved to 1", "emptied 0"])
                try await bench.publish(Counted(key: "a", number: 2))
                try await consumer.drain()
                try await owner.setRetention(.seconds(3600))
                try await owner.database.execute("UPDATE queue.ring SET since = '-infinity'")
                #expect(try await bench.rotate() == ["moved to 0"])
                try await owner.setRetention(.zero)
                #expect(try await bench.rotate() == ["emptied 1"])
            }
        }
    }
}
