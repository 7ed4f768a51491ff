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

    /// A week without a reader, an hour after the other.
    @Test func aLongLagMakesFewSegmentsAndTheyGoAfterwards() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            try await bench.test.withPool { owner in
                func rotate() async throws -> [String] {
                    var steps: [String] = []
                    while let row = try await owner.query("SELECT coalesce(queue.rotate(), '')").first {
                        let step = try row.decode(String.self)
                        if step.isEmpty { break }
                        steps.append(step)
                    }
                    return steps
                }
                func passAnHour() async throws {
                    try await owner.executeScript(
                        """
                        UPDATE queue.ring SET since = since - interval '1 hour';
                        UPDATE queue.segments SET closed_at = closed_at - interval '1 hour',
                                                  emptied_at = emptied_at - interval '1 hour'
                        """
                    )
                }
                for number in 1...168 {
                    try await bench.publish(Counted(key: "a", number: number))
                    _ = try await rotate()
                    try await passAnHour()
                }
                #expect((10...20).contains(try await bench.count("SELECT count(*) FROM queue.segments")))

                #expect(try await consumer.drain() == 168)
                #expect(try await rotate().count { $0.hasPrefix("emptied") } > 8)
                try await passAnHour()
                try await bench.database.transaction(tenant: tenant) { open in
                    try open.publish(Counted(key: "a", number: 169))
                    try await open.execute("SELECT 1")
                    // It gives way to who has published and not committed yet.
                    #expect(try await !rotate().contains { $0.hasPrefix("dropped") })
                }
                // Somebody wrote to one that is empty, as he who saw it as the present one.
                try await owner.executeScript(
                    """
                    INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
                    SELECT id, tenant, lane, (SELECT max(segment) FROM queue.segments WHERE emptied_at IS NOT NULL),
                           type, subject, headers, body
                    FROM queue.log
                    """
                )
                #expect(try await rotate().count { $0.hasPrefix("dropped") } == 0)
                #expect(try await consumer.drain() == 2)
                try await owner.executeScript("DELETE FROM queue.log")
                #expect(try await rotate().count { $0.hasPrefix("dropped") } > 8)
                #expect(try await bench.count("SELECT count(*) FROM queue.segments") <= 5)
            }
        }
    }
}
