import Domain
import Foundation
import Messaging
import Postgres
import TestKit
import Testing

@Suite struct InspectorTests {
    @Test func theFiguresAddUp() async throws {
        try await Bench.run { bench in
            let one = bench.consumer(bench.router("one") { message, _, _ in if message.number == 1 { throw Boom() } })
            try await one.drain()
            try await bench.publish(contentsOf: (1...20).map { Counted(key: "k\($0)", number: $0) })
            #expect(try await bench.state(of: "one")?.lag == 20)
            #expect(try await bench.state(of: "one")?.lagSeconds ?? 0 > 0)
            #expect(try await one.drain() == 19)
            try await bench.publish(contentsOf: (21...25).map { Counted(key: "k\($0)", number: $0) })

            let state = try #require(try await bench.state(of: "one"))
            #expect(state.topic == "tests")
            #expect(state.lanes == 4)
            #expect(state.lag == 5)
            #expect(state.handled == 19)
            #expect(state.retries == 1)
            #expect(state.deadLetters == 0)
            let topics = Dictionary(
                uniqueKeysWithValues: try await bench.inspector.topics().map { ($0.topic, $0.published) }
            )
            #expect(topics == ["events": 0, "matchmaking": 0, "notifications": 0, "tests": 25])
        }
    }

    @Test func ratesAreThoseOfTheLastMinute() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await consumer.drain()
            for _ in 1...7 {
                try await bench.publish(contentsOf: (1...30).map { Counted(key: "a", number: $0) })
                try await consumer.drain()
            }
            /// Moves what has happened so far back in time, as the owner can.
            func age(by seconds: Double) async throws {
                try await bench.test.withPool { owner in
                    try await owner.execute(
                        "UPDATE queue.ledger SET written_at = written_at - make_interval(secs => \(seconds))"
                    )
                    try await owner.execute(
                        "UPDATE queue.log SET published_at = published_at - make_interval(secs => \(seconds))"
                    )
                }
            }
            try await age(by: 7200)
            #expect(try await bench.state()?.handledPerSecond == 0)
            #expect(try await published(bench) == 0)
            for _ in 1...4 {
                try await bench.publish(contentsOf: (1...30).map { Counted(key: "a", number: $0) })
                try await consumer.drain()
                #expect(try await bench.consumer(bench.router()).drain() == 0)
            }
            // Into the future, so that this counts as the last minute however long it took.
            try await age(by: -3600)
            #expect(try await bench.state()?.handledPerSecond == 2)
            #expect(try await published(bench) == 2)
            // Rows that are gone: over the time that is left, some 1,200 s of an hour.
            try await age(by: 4800)
            try await bench.database.query("SELECT queue.trim('1 hour')")
            let rates: SQL = "SELECT sum(queue.handled_rate(1, 12288 + n, '1 hour')) FROM generate_series(0, 3) n"
            let rate = try #require(try await bench.database.query(rates).first).decode(Double.self)
            #expect(rate > 120.0 / 3600 && rate <= 120.0 / 1200)
        }
    }

    private func published(_ bench: Bench) async throws -> Double? {
        try await bench.inspector.topics().first { $0.topic == "tests" }?.publishedPerSecond
    }

    @Test func livingOwnersAreNamed() async throws {
        let handled = Inbox<Void>()
        try await Bench.run { bench in
            try await bench.running(bench.consumer(bench.router { _, _, _ in handled.put(()) })) {
                try await bench.publish(Counted(key: "a", number: 1))
                _ = await handled.next()
                let owners = try #require(try await bench.state()?.owners)
                #expect(owners.map(\.lanes) == [4])
                let process = "/\(ProcessInfo.processInfo.processIdentifier)"
                #expect(owners.allSatisfy { $0.worker.hasSuffix(process) })
                let lanes = try await bench.inspector.lanes(of: "testing.tests")
                #expect(lanes.count == 4)
                #expect(lanes.allSatisfy { $0.owner == owners.first?.worker })
            }
        }
    }

    @Test func aFailedMessageCanBeTriedAgainOrDiscarded() async throws {
        try await Bench.run { bench in
            var policy = RetryPolicy()
            policy.maximumAttempts = 1
            let failing = bench.consumer(bench.router(policy: policy) { _, _, _ in throw Boom() })
            let working = bench.consumer(bench.router())
            try await bench.publish(Counted(key: "a", number: 1))
            try await failing.drain()
            let dead = try #require(try await bench.inspector.failedMessages().first)
            #expect(dead.isDead)
            #expect(try await bench.inspector.retry(subscription: dead.subscription, id: UUID()) == false)
            #expect(try await bench.inspector.retry(subscription: "other", id: dead.id) == false)
            #expect(try await bench.inspector.retry(subscription: dead.subscription, id: dead.id))
            #expect(try await working.drain() == 1)
            #expect(try await bench.inspector.failedMessages().isEmpty)

            try await bench.publish(Counted(key: "a", number: 2), Counted(key: "a", number: 3))
            try await failing.drain()
            for message in try await bench.inspector.failedMessages() {
                #expect(try await bench.inspector.discard(subscription: message.subscription, id: message.id))
                #expect(try await bench.inspector.discard(subscription: message.subscription, id: message.id) == false)
            }
            #expect(try await working.drain(includingRetries: true) == 0)
            #expect(try await bench.effects().map(\.number) == [1])
        }
    }

    @Test func aWaitingMessageIsMadeDue() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(
                bench.router { _, delivery, _ in
                    if delivery.attempt == 1 { throw MessageDisposition.retry(after: .seconds(999)) }
                }
            )
            try await bench.publish(Counted(key: "a", number: 1))
            try await consumer.drain()
            #expect(try await consumer.drain() == 0)
            let waiting = try #require(try await bench.inspector.failedMessages().first)
            #expect(try await bench.inspector.retry(subscription: waiting.subscription, id: waiting.id))
            #expect(try await consumer.drain() == 1)
        }
    }
}
