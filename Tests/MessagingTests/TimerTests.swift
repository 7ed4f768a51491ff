import Domain
import Foundation
import Postgres
import TestKit
import Testing

@testable import Messaging

@Suite struct TimerTests {
    private let start = Date(timeIntervalSince1970: 1_900_000_000)

    private func set(_ number: Int, at time: Date, timer: String? = nil, on bench: Bench) async throws {
        try await bench.database.transaction(tenant: tenant) {
            try $0.publish(Counted(key: "a", number: number), at: time, timer: timer)
        }
    }

    private func pump(_ bench: Bench) -> TimerPump { TimerPump(database: bench.database, logger: bench.test.logger) }

    @Test func aMessageComesAtItsTime() async throws {
        try await Bench.run { bench in
            await #expect(throws: Boom.self) {
                try await bench.database.transaction(tenant: tenant) { tx in
                    try tx.publish(Counted(key: "a", number: 1), at: start)
                    try await tx.execute("SELECT 1")
                    throw Boom()
                }
            }
            try await set(2, at: start, on: bench)
            #expect(try await pump(bench).fireAll(at: start - 0.001) == 0)
            #expect(try await pump(bench).fireAll(at: start) == 1)
            #expect(try await pump(bench).fireAll(at: start + 9999) == 0)
            try await set(3, at: Date() - 10, on: bench)
            #expect(try await bench.consumer(bench.router()).drain() == 2)
            let expected = [2, 3].map { Effect(key: "a", number: $0, attempt: 1, tenant: "\(tenant)") }
            #expect(try await bench.effects() == expected)
        }
    }

    @Test func manyWorkersFireEachOnceAndInTheOrderOfTheirTimes() async throws {
        try await Bench.run { bench in
            let numbers = Array(1...3500)
            try await bench.database.transaction(tenant: tenant) { tx in
                for number in numbers.shuffled() {
                    try tx.publish(Counted(key: "a", number: number), at: start + Double(number))
                }
            }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        var fired = 0
                        while try await bench.count("SELECT count(*) FROM queue.log") < numbers.count {
                            fired += try await pump(bench).fireAll(at: start + 9999)
                        }
                        return fired
                    }
                }
                let fired = try await group.reduce(0, +)
                #expect(fired == numbers.count)
            }
            #expect(try await bench.consumer(bench.router()).drain() == numbers.count)
            #expect(try await bench.effects().map(\.number) == numbers)
        }
    }

    @Test func aClockThatJumpsLosesAndRepeatsNone() async throws {
        try await Bench.run { bench in
            var latest = start
            var due: [Int: Date] = [:]
            var fired: Set<Int> = []
            for round in 0..<40 {
                let timers = (0..<5).map { (round * 5 + $0, start + .random(in: -5000...5000)) }
                try await bench.database.transaction(tenant: tenant) { tx in
                    for (number, time) in timers { try tx.publish(Counted(key: "a", number: number), at: time) }
                }
                for (number, time) in timers { due[number] = time }
                let present = start + .random(in: -4000...4000)
                latest = max(latest, present)
                let expected = due.filter { $0.value <= present && !fired.contains($0.key) }.keys
                #expect(try await pump(bench).fireAll(at: present) == expected.count)
                fired.formUnion(expected)
            }
            try await pump(bench).fireAll(at: start + 9999)
            #expect(try await bench.consumer(bench.router()).drain() == 200)
            #expect(try await bench.effects().map(\.number).sorted() == Array(0..<200))
        }
    }

    @Test func aTimerIsCancelledByItsName() async throws {
        try await Bench.run { bench in
            func cancel(_ key: String, tenant other: TenantID = tenant) async throws -> Bool {
                try await bench.database.transaction(tenant: other) { try await $0.cancelTimer(key, of: .tests) }
            }
            for (number, key) in ["one", "two", "three"].enumerated() {
                try await set(number, at: start, timer: key, on: bench)
            }
            #expect(try await cancel("one", tenant: TenantID()) == false)
            #expect(try await cancel("one"))
            #expect(try await cancel("one") == false)
            _ = try? await bench.database.transaction(tenant: tenant) { tx in
                let wasWaiting = try await tx.cancelTimer("two", of: .tests)
                #expect(wasWaiting)
                // In doubt: left aside, and the others are not kept waiting.
                let fired = try await pump(bench).fireAll(at: start)
                #expect(fired == 1)
                throw Boom()
            }
            #expect(try await pump(bench).fireAll(at: start) == 1)
            #expect(try await cancel("two") == false)
            try await bench.consumer(bench.router()).drain()
            #expect(try await bench.effects().map(\.number) == [2, 1])
        }
    }

    @Test func aTimerOfTheSameNameIsReplaced() async throws {
        try await Bench.run { bench in
            try await set(1, at: start, timer: "k", on: bench)
            try await set(2, at: start + 60, timer: "k", on: bench)
            #expect(try await pump(bench).fireAll(at: start + 1) == 0)
            #expect(try await pump(bench).fireAll(at: start + 60) == 1)
            try await set(3, at: start, timer: "k", on: bench)
            #expect(try await pump(bench).fireAll(at: start) == 1)
            try await bench.consumer(bench.router()).drain()
            #expect(try await bench.effects().map(\.number) == [2, 3])
        }
    }

    @Test func timersAreOfOneTenant() async throws {
        try await Bench.run { bench in
            try await set(1, at: start, timer: "k", on: bench)
            let (seen, gone) = try await bench.database.transaction(tenant: TenantID()) { tx in
                (try await tx.query("SELECT FROM queue.timers").count, try await tx.execute("DELETE FROM queue.timers"))
            }
            #expect(seen == 0)
            #expect(gone == 0)
            await #expect(throws: PublishingError.noTenant(type: "counted.v1")) {
                try await bench.database.transaction { try $0.publish(Counted(key: "a", number: 1), at: start) }
            }
            let error = await #expect(throws: PostgresError.self) {
                try await bench.database.transaction(tenant: tenant) { tx in
                    try await tx.execute("SELECT set_config('tradewind.tenant', \(TenantID().description), true)")
                    try tx.publish(Counted(key: "a", number: 2), at: start)
                }
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test func aHandlerSetsATimerForTheTenantOfItsMessage() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(
                bench.router { message, _, tx in
                    guard message.number == 1 else { return }
                    try tx.publish(Counted(key: "a", number: 2), at: Date() - 1)
                }
            )
            try await bench.publish(Counted(key: "a", number: 1))
            #expect(try await consumer.drain() == 2)
            #expect(try await bench.effects().map(\.tenant) == ["\(tenant)", "\(tenant)"])
        }
    }

    @Test func aTimerForAnUnknownTopicFailsTheCommit() async throws {
        struct Lost: Message {
            static let type = "lost.v1"
            static let topic = Topic(rawValue: "nowhere")
            var key: String { "a" }
        }
        try await Bench.run { bench in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.database.transaction(tenant: tenant) { try $0.publish(Lost(), at: start) }
            }
            #expect(error?.sqlState == "23502")
        }
    }

    @Test(.timeLimit(.minutes(10))) func aRunningConsumerFiresThem() async throws {
        let handled = Inbox<Int>()
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router { message, _, _ in handled.put(message.number) })
            try await bench.running(consumer) {
                // Together, so that none can come before another is set.
                try await bench.database.transaction(tenant: tenant) { tx in
                    for (number, seconds) in [(3, 1.5), (2, 0.3), (1, 0)] {
                        try tx.publish(Counted(key: "a", number: number), at: Date() + seconds)
                    }
                }
                #expect(await handled.next(3) == [1, 2, 3])
            }
        }
    }

    @Test func firingScansNoTable() async throws {
        try await Bench.run { bench in
            try await bench.test.withPool { owner in
                try await owner.executeScript(
                    """
                    INSERT INTO queue.timers
                    SELECT gen_random_uuid(), now() + (n - 5) * interval '1 h', gen_random_uuid(), 'tests', NULL, 't.v1', '',
                           '{}', '{}'
                    FROM generate_series(1, 5000) n;
                    ANALYZE queue.timers
                    """
                )
                try await owner.transaction { tx in
                    try await tx.execute("SELECT queue.fire_timers()")
                    let row = try #require(
                        try await tx.query(
                            """
                            SELECT seq_scan, idx_scan, idx_tup_fetch FROM pg_stat_xact_user_tables
                            WHERE schemaname = 'queue' AND relname = 'timers'
                            """
                        ).first
                    )
                    let (scans, indexScans, fetched) = try row.decode(Int.self, Int.self, Int.self)
                    #expect(scans == 0)
                    #expect(indexScans > 0)
                    #expect(fetched < 50)
                }
            }
        }
    }
}
