import Domain
import Foundation
import Postgres
import TestKit
import Testing

@testable import Messaging

@Suite struct SchedulerTests {
    private func moment(_ text: String) throws -> Date { try Date("\(text):00Z", strategy: .iso8601) }

    /// Notes each firing as an effect: its time in minutes, and as the attempt how many were missed.
    private func scheduler(
        _ text: String,
        on bench: Bench,
        zone: String = "America/Santiago",
        body: @escaping @Sendable () throws -> Void = {}
    ) throws -> Scheduler {
        let schedule = Schedule("tests.note", try CronExpression(text), in: try TimeZoneID(zone)) { firing, tx in
            let minute = Int32(firing.time.timeIntervalSince1970 / 60)
            tx.enqueue(
                """
                INSERT INTO testing.effects (subscription, key, number, attempt)
                VALUES ('schedule', '', \(minute), \(Int32(firing.missed)))
                """
            )
            try body()
        }
        return Scheduler(database: bench.database, schedules: [schedule], logger: bench.test.logger)
    }

    private func fired(_ bench: Bench) async throws -> [String] {
        try await bench.effects(of: "schedule").map { effect in
            let time = Date(timeIntervalSince1970: Double(effect.number) * 60).ISO8601Format().prefix(16)
            return effect.attempt == 0 ? String(time) : "\(time) +\(effect.attempt)"
        }
    }

    @Test(arguments: [
        // The clocks are set back on 4 April at 24:00 to 23:00, and forward on 5 September at 24:00 to 01:00.
        ("30 23 * * *", "2026-04-04T00:00", ["2026-04-04T02:30", "2026-04-05T02:30", "2026-04-06T03:30"]),
        ("0 0 * * *", "2026-04-04T00:00", ["2026-04-04T03:00", "2026-04-05T04:00", "2026-04-06T04:00"]),
        ("30 0 * * *", "2026-09-05T00:00", ["2026-09-05T04:30", "2026-09-06T04:00", "2026-09-07T03:30"]),
        ("30 23 * * *", "2026-09-05T00:00", ["2026-09-05T03:30", "2026-09-06T03:30", "2026-09-07T02:30"]),
    ])
    func replicasFireOnceAlsoWhenTheClocksChange(_ text: String, _ start: String, _ expected: [String]) async throws {
        try await Bench.run { bench in
            let replicas = try (0..<4).map { _ in try scheduler(text, on: bench) }
            let start = try moment(start)
            try await replicas[0].fireDue(at: start)
            for minute in stride(from: 0, through: 2 * 24 * 60 + 4 * 60, by: 10) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for replica in replicas {
                        group.addTask { try await replica.fireDue(at: start + Double(minute) * 60) }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await fired(bench) == expected)
        }
    }

    @Test func aClockThatJumpsRepeatsNothingAndMakesUpOnce() async throws {
        try await Bench.run { bench in
            let one = try scheduler("0 * * * *", on: bench, zone: "UTC")
            let times = [
                "2026-01-01T00:30", "2026-01-01T01:00", "2026-01-01T05:30", "2026-01-01T02:00", "2026-01-01T05:59",
                "2026-01-01T01:00", "2026-01-01T06:00", "2026-01-01T07:10",
            ]
            for time in times {
                try await one.fireDue(at: try moment(time))
                try await scheduler("0 * * * *", on: bench, zone: "UTC").fireDue(at: try moment(time))
            }
            let expected = ["2026-01-01T01:00", "2026-01-01T02:00 +3", "2026-01-01T06:00", "2026-01-01T07:00"]
            #expect(try await fired(bench) == expected)
        }
    }

    @Test func aFiringThatFailsIsUndoneAndTriedAgain() async throws {
        try await Bench.run { bench in
            let start = try moment("2026-01-01T00:30")
            let failing = try scheduler("0 * * * *", on: bench) { throw Boom() }
            try await failing.fireDue(at: start)
            // Not at once: it says for how long it is to be let alone.
            #expect(try await failing.fireDue(at: start + 1800) > .milliseconds(500))
            #expect(try await failing.fireDue(at: start + 1801) > .zero)
            #expect(try await fired(bench) == [])
            try await scheduler("0 * * * *", on: bench).fireDue(at: start + 1802)
            #expect(try await fired(bench) == ["2026-01-01T01:00"])
        }
    }

    @Test func theLastDeclarationWins() async throws {
        try await Bench.run { bench in
            let start = try moment("2026-01-01T00:30")
            let old = try scheduler("0 * * * *", on: bench)
            try await old.fireDue(at: start)
            let new = try scheduler("45 * * * *", on: bench)
            try await look([new, old], start, minutes: 1..<46)
            #expect(try await fired(bench) == ["2026-01-01T00:45"])
        }
    }

    /// Each looks every 20 seconds, all of them at once.
    private func look(_ replicas: [Scheduler], _ start: Date, minutes: Range<Int>) async throws {
        for seconds in stride(from: minutes.lowerBound * 60, to: minutes.upperBound * 60, by: 20) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for replica in replicas {
                    group.addTask { try await replica.fireDue(at: start + Double(seconds)) }
                }
                try await group.waitForAll()
            }
        }
    }

    /// The old release fires at the full hour, the new one at a quarter past.
    @Test func aRollingDeployLosesNoFiring() async throws {
        try await Bench.run { bench in
            let start = try moment("2026-01-01T00:30")
            func replicas(_ text: String) throws -> [Scheduler] {
                try (0..<2).map { _ in try scheduler(text, on: bench, zone: "UTC") }
            }
            try await look(replicas("0 * * * *"), start, minutes: 0..<2)
            // These have never had to declare it.
            let old = try replicas("0 * * * *")
            try await look(old, start, minutes: 2..<4)
            let new = try replicas("15 * * * *")
            try await look(new, start, minutes: 4..<5)
            try await look(new + old, start, minutes: 5..<35)
            try await look(new, start, minutes: 35..<50)
            #expect(try await fired(bench) == ["2026-01-01T01:15"])

            // An old replica that is started again has it its own way, for as long as it runs: until 02:05.
            try await look(new + replicas("0 * * * *"), start, minutes: 50..<95)
            try await look(new, start, minutes: 95..<110)
            #expect(try await fired(bench).dropFirst() == ["2026-01-01T02:00", "2026-01-01T02:15"])

            // Until 03:15: what was due then is made up for.
            try await look(new + replicas("0 * * * *"), start, minutes: 110..<165)
            try await look(new, start, minutes: 165..<170)
            #expect(try await fired(bench).dropFirst(3) == ["2026-01-01T03:00", "2026-01-01T03:15"])
        }
    }

    @Test func whatIsFiredMeanwhileIsNotDeclaredOtherwise() async throws {
        try await Bench.run { bench in
            let start = try moment("2026-01-01T00:30")
            let old = try scheduler("0 * * * *", on: bench)
            try await old.fireDue(at: start)
            let row = try #require(
                try await bench.database.query(TimeStatements.schedules(["tests.note"], at: start)).first
            )
            let found = try #require(try StoredSchedule(row))
            try await old.fireDue(at: found.next)
            let new = Schedule("tests.note", try CronExpression("0 */1 * * *"), in: try TimeZoneID("UTC")) { _, _ in }
            let declare = TimeStatements.declare(new, next: found.next, at: found.next, instead: found)
            #expect(try await bench.database.execute(declare) == 0)
            #expect(try await fired(bench) == ["2026-01-01T01:00"])
        }
    }

    @Test func anotherExpressionFiresNothingThatHasBeen() async throws {
        try await Bench.run { bench in
            let start = try moment("2026-01-01T00:30")
            for text in ["0 * * * *", "0 */1 * * *"] {
                let scheduler = try scheduler(text, on: bench)
                for seconds in [0.0, 1800, 0, 1800] { try await scheduler.fireDue(at: start + seconds) }
            }
            #expect(try await fired(bench) == ["2026-01-01T01:00"])
        }
    }

    @Test(.timeLimit(.minutes(10))) func aServiceFiresAndPublishesForItsTenant() async throws {
        let handled = Inbox<TenantID>()
        try await Bench.run { bench in
            let cron = try CronExpression("0 0 1 1 *")
            let schedule = Schedule("tests.publish", cron, in: try TimeZoneID("UTC"), tenant: tenant) { _, tx in
                try tx.publish(Counted(key: "a", number: 1))
            }
            let scheduler = Scheduler(database: bench.database, schedules: [schedule], logger: bench.test.logger)
            try await scheduler.fireDue()
            try await bench.database.execute("UPDATE queue.schedules SET next_at = now() - interval '1 day'")
            let consumer = bench.consumer(bench.router { _, delivery, _ in handled.put(delivery.tenant) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await scheduler.run() }
                try await bench.running(consumer) { #expect(await handled.next() == [tenant]) }
                group.cancelAll()
            }
            #expect(try await bench.count("SELECT fired FROM queue.schedules") == 1)
        }
    }
}
