import Domain
import Postgres
import TestKit
import Testing

@testable import Messaging

/// Lanes are raised while messages are published and consumed, and each key keeps its order.
@Suite struct RaisedLanesTests {
    private func publish(_ numbers: ClosedRange<Int>, on bench: Bench) async throws {
        try await bench.publish(contentsOf: numbers.map { Counted(key: "k\($0 % 20)", number: $0) })
    }

    private func expectOrder(_ effects: [Effect], count: Int) {
        #expect(effects.count == count)
        for (key, effects) in Dictionary(grouping: effects, by: \.key) {
            #expect(effects.map(\.number) == effects.map(\.number).sorted(), "\(key)")
        }
    }

    @Test func aNewLaneWaitsForTheOneThatItsKeysComeFrom() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            try await bench.operate { owner in
                try await publish(1...100, on: bench)
                #expect(try await owner.raiseLanes(of: "tests", to: 8))
                try await publish(101...200, on: bench)
                #expect(try await owner.raiseLanes(of: "tests", to: 16))
                try await publish(201...300, on: bench)
            }
            let open: SQL = "SELECT count(*) FROM queue.standings('{1}')"
            #expect(try await bench.count(open) == 4)
            #expect(try await consumer.drain() == 300)
            #expect(try await bench.count(open) == 16)
            expectOrder(try await bench.effects(), count: 300)
            let used = try await bench.count("SELECT count(DISTINCT lane) FROM queue.log WHERE lane >= 12292")
            #expect(used > 4)
        }
    }

    @Test func newAndReplayedSubscriptionsKeepTheOrderToo() async throws {
        try await Bench.run { bench in
            try await bench.operate { owner in
                try await publish(1...100, on: bench)
                #expect(try await owner.raiseLanes(of: "tests", to: 8))
                try await publish(101...200, on: bench)
                #expect(try await bench.consumer(bench.router("one")).drain() == 200)
                expectOrder(try await bench.effects(of: "one"), count: 200)
                try await owner.replay(subscription: "one", from: .start)
            }
            #expect(try await bench.consumer(bench.router("one")).drain() == 200)
            expectOrder(Array(try await bench.effects(of: "one").suffix(200)), count: 200)
        }
    }

    @Test func raisingGivesWayToAnOpenPublisher() async throws {
        try await Bench.run { bench in
            try await bench.operate { owner in
                try await bench.database.transaction(tenant: tenant) { open in
                    try open.publish(Counted(key: "a", number: 1))
                    try await open.execute("SELECT 1")
                    #expect(try await owner.raiseLanes(of: "tests", to: 8) == false)
                }
                #expect(try await owner.raiseLanes(of: "tests", to: 8))
                await #expect(throws: PostgresError.self) { _ = try await owner.raiseLanes(of: "tests", to: 12) }
                await #expect(throws: PostgresError.self) { _ = try await owner.raiseLanes(of: "tests", to: 8) }
            }
        }
    }

    /// What was begun before and had to wait for it must not be written to the old lanes.
    @Test(.timeLimit(.minutes(10))) func aPublisherThatWaitedFindsTheNewLanes() async throws {
        try await Bench.run { bench in
            try await publish(1...40, on: bench)
            try await bench.operate { owner in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    try await owner.database.transaction { raising in
                        try await raising.query("SELECT queue.raise_lanes('tests', 8)")
                        group.addTask { try await publish(41...80, on: bench) }
                        try await bench.untilSomebodyWaits()
                    }
                    try await group.waitForAll()
                }
            }
            let stale = try await bench.count(
                """
                SELECT count(*) FROM queue.log l, queue.topics t
                WHERE t.topic = 'tests' AND l.position > 40
                  AND l.lane <> t.first_lane + (hashtextextended(l.subject, 0) & 2147483647) % 8
                """
            )
            #expect(stale == 0)
            #expect(try await bench.count("SELECT count(*) FROM queue.log WHERE position > 40") == 40)
        }
    }
}
