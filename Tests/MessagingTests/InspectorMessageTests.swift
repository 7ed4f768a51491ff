import Domain
import Foundation
import Messaging
import Postgres
import TestKit
import Testing

@Suite struct InspectorMessageTests {
    /// Asks as the owner, as operators do.
    private func asOwner<Result: Sendable>(
        of bench: Bench,
        _ body: @Sendable (QueueInspector) async throws -> Result
    ) async throws -> Result {
        try await bench.test.withPool { try await body(QueueInspector(database: $0)) }
    }

    private func id(_ number: Int, on bench: Bench) async throws -> UUID {
        let rows = try await bench.database.query("SELECT id FROM queue.log WHERE body->>'number' = \("\(number)")")
        return try #require(rows.first).decode(UUID.self)
    }

    @Test func aMessageIsShownWithWhatBecameOfIt() async throws {
        try await Bench.run { bench in
            var policy = RetryPolicy.patient
            policy.maximumAttempts = 1
            let one = bench.consumer(bench.router("one", policy: policy) { _, _, _ in throw Boom() })
            let two = bench.consumer(bench.router("two", policy: .patient) { _, _, _ in throw Boom() })
            let three = bench.consumer(bench.router("three"))
            let four = bench.consumer(bench.router("four"))
            for each in [one, two, three, four] { try await each.drain() }
            for number in 1...50 { try await bench.publish(Counted(key: "k\(number)", number: number)) }
            for each in [one, two, three] { try await each.drain() }

            let id = try await id(33, on: bench)
            let message = try #require(try await asOwner(of: bench) { try await $0.message(id) })
            #expect(message.id == id)
            #expect(message.type == "counted.v1")
            #expect(message.subject == "k33")
            #expect(message.topic == "tests")
            #expect(message.tenant == tenant.uuid)
            #expect(message.position != nil)
            #expect(message.body?.contains("33") == true)
            let fates = Dictionary(uniqueKeysWithValues: message.subscriptions.map { ($0.subscription, $0) })
            #expect(fates.mapValues(\.state) == ["one": .dead, "two": .retrying, "three": .settled, "four": .waiting])
            #expect(fates["one"]?.error == "Boom: boom")
            #expect(fates["one"]?.attempt == 1)
            #expect(try #require(fates["two"]?.due) > Date())
        }
    }

    @Test func aLateCommitIsWaitingUntilItIsRead() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            try await bench.database.transaction(tenant: tenant) { slow in
                try slow.publish(Counted(key: "a", number: 1))
                try await slow.execute("SELECT 1")
                try await bench.publish(Counted(key: "a", number: 2))
                try await consumer.drain()
            }
            let late = try await id(1, on: bench)
            let state = { try await asOwner(of: bench) { try await $0.message(late)?.subscriptions.map(\.state) } }
            #expect(try await state() == [.waiting])
            try await consumer.drain()
            #expect(try await state() == [.settled])
        }
    }

    @Test func aMessageThatTheLogHasDroppedIsFoundAmongTheFailures() async throws {
        try await Bench.run { bench in
            let failing = bench.consumer(bench.router { _, _, _ in throw Boom() })
            try await bench.publish(Counted(key: "a", number: 1))
            try await failing.drain()
            let id = try await id(1, on: bench)
            let message = try await asOwner(of: bench) { inspector in
                try await bench.test.withPool { try await $0.executeScript("TRUNCATE queue.log") }
                return try await inspector.message(id)
            }
            #expect(message?.lane == nil)
            #expect(message?.topic == "tests")
            #expect(message?.subscriptions.map(\.state) == [.retrying])
        }
    }

    @Test func anOldIDIsFoundThoroughly() async throws {
        try await Bench.run { bench in
            let old = UUID()
            try await bench.test.withPool { owner in
                try await owner.execute(
                    """
                    INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
                    SELECT \(old), \(tenant.uuid), first_lane, 0, 'counted.v1', 'a',
                           '{"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}', '{}'
                    FROM queue.topics WHERE topic = 'tests'
                    """
                )
                let inspector = QueueInspector(database: owner)
                #expect(try await inspector.message(old) == nil)
                #expect(try await inspector.message(old, isThorough: true)?.trace == "4bf92f3577b34da6a3ce929d0e0e4736")
                #expect(try await inspector.message(UUID(), isThorough: true) == nil)
            }
        }
    }

    @Test func timersAndSchedulesAreListed() async throws {
        try await Bench.run { bench in
            let due = Date(timeIntervalSince1970: 1_900_000_000)
            try await bench.database.transaction(tenant: tenant) { tx in
                try tx.publish(Counted(key: "b", number: 2), at: due + 60, timer: "later")
                try tx.publish(Counted(key: "a", number: 1), at: due)
            }
            try await bench.database.execute(
                """
                INSERT INTO queue.schedules (name, cron, time_zone, next_at)
                VALUES ('tests.late', '0 * * * *', 'UTC', now() - interval '1 hour'),
                       ('tests.fine', '0 * * * *', 'UTC', now() + interval '1 hour')
                """
            )
            // Its figures are of all tenants, for services too; single timers are shown to the owner only.
            let state = try await bench.inspector.timersState()
            #expect(state.waiting == 2)
            #expect(state.nextDue == due)
            #expect(state.overdueSeconds == 0)
            #expect(try await bench.inspector.timers().isEmpty)
            try await asOwner(of: bench) { inspector in
                let timers = try await inspector.timers()
                #expect(timers.map(\.subject) == ["a", "b"])
                #expect(timers.map(\.timer) == [nil, "later"])
                let first = try #require(timers.first)
                let message = try await inspector.message(first.id)
                #expect(message?.due == due)
                #expect(message?.published == nil)

                let schedules = try await inspector.schedules()
                #expect(schedules.map(\.schedule) == ["tests.fine", "tests.late"])
                #expect(schedules.map { $0.overdueSeconds > 3599 } == [false, true])
                #expect(try await inspector.removeSchedule("tests.late"))
                #expect(try await inspector.removeSchedule("tests.late") == false)
            }
        }
    }
}
