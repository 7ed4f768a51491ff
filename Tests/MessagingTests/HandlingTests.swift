import Domain
import Foundation
import InMemoryTracing
import Messaging
import Postgres
import Synchronization
import TestKit
import Testing
import Tracing

@Suite struct HandlingTests {
    @Test func theFailingMessageAloneIsTriedAgain() async throws {
        try await Bench.run { bench in
            let router = bench.router { message, delivery, _ in
                if message.number == 3 && delivery.attempt == 1 { throw Boom() }
            }
            try await bench.publish(contentsOf: (1...5).map { Counted(key: "a", number: $0) })
            let consumer = bench.consumer(router)
            #expect(try await consumer.drain() == 4)
            #expect(try await bench.effects().map(\.number) == [1, 2, 4, 5])
            let failed = try #require(try await bench.inspector.failedMessages().first)
            #expect(failed.error == "Boom: boom")
            #expect(failed.attempt == 2)
            #expect(!failed.isDead)
            #expect(try await consumer.drain() == 0)
            #expect(try await consumer.drain(includingRetries: true) == 1)
            #expect(try await bench.effects().last == Effect(key: "a", number: 3, attempt: 2, tenant: "\(tenant)"))
            #expect(try await bench.state()?.handled == 5)
            #expect(try await bench.state()?.retries == 0)
        }
    }

    @Test func aStatementThatFailsIsTheFailureOfItsMessage() async throws {
        try await Bench.run { bench in
            let router = bench.router { message, _, tx in
                if message.number == 2 { tx.enqueue("SELECT 1 / \(Int32(0))") }
            }
            try await bench.publish(contentsOf: (1...3).map { Counted(key: "a", number: $0) })
            #expect(try await bench.consumer(router).drain() == 2)
            #expect(try await bench.effects().map(\.number) == [1, 3])
            #expect(try await bench.state()?.retries == 1)
        }
    }

    @Test func aMessageIsDeadAfterItsLastAttempt() async throws {
        try await Bench.run { bench in
            var policy = RetryPolicy()
            policy.maximumAttempts = 3
            let attempts = Mutex<Set<Int>>([])
            let router = bench.router(policy: policy) { _, delivery, _ in
                attempts.withLock { _ = $0.insert(delivery.attempt) }
                throw Boom()
            }
            try await bench.publish(Counted(key: "a", number: 1))
            #expect(try await bench.consumer(router).drain(includingRetries: true) == 0)
            #expect(attempts.withLock { $0 } == [1, 2, 3])
            let dead = try #require(try await bench.inspector.failedMessages().first)
            #expect(dead.isDead)
            #expect(dead.attempt == 3)
            #expect(dead.tenant == tenant.uuid)
            #expect(dead.subject == "a")
            #expect(try await bench.effects() == [])
        }
    }

    @Test func theHandlerMayDiscardOrPostpone() async throws {
        try await Bench.run { bench in
            let router = bench.router { message, _, _ in
                if message.number == 1 { throw MessageDisposition.discard("no longer wanted") }
                throw MessageDisposition.retry(after: .seconds(3600))
            }
            try await bench.publish(Counted(key: "a", number: 1), Counted(key: "a", number: 2))
            try await bench.consumer(router).drain()
            let failed = try await bench.inspector.failedMessages()
            let dead = try #require(failed.first { $0.isDead })
            #expect(dead.error == "discarded: no longer wanted")
            let due = try #require(failed.first { !$0.isDead }?.due)
            #expect((3500...3700).contains(due.timeIntervalSinceNow))
        }
    }

    @Test func anUnreadableMessageIsDeadAndShowsNoData() async throws {
        try await Bench.run { bench in
            try await bench.publish(Miscounted(key: "a"))
            try await bench.publish(Counted(key: "a", number: 2))
            #expect(try await bench.consumer(bench.router()).drain() == 1)
            let dead = try #require(try await bench.inspector.failedMessages().first)
            #expect(dead.isDead)
            #expect(dead.error.hasPrefix("UnreadableMessage"))
            #expect(!dead.error.contains("Mei-Ling"))
        }
    }

    /// Who publishes by SQL may write any JSON there.
    @Test(arguments: [
        (
            #"{"priority": 5, "urgent": true, "traceparent": "t"}"#,
            ["priority": "5", "urgent": "true", "traceparent": "t"]
        ),
        (#"{"rate": 0.5, "list": [1], "none": null}"#, ["rate": "0.5"]), ("[1]", [:]),
    ])
    func headersOfAnyFormHoldUpNothing(_ written: String, _ read: [String: String]) async throws {
        try await Bench.run { bench in
            let id = UUID()
            try await bench.test.withPool { owner in
                _ = try await owner.query(
                    """
                    INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
                    SELECT \(id), \(tenant.uuid), t.first_lane, r.segment, 'counted.v1', 'a', \(written)::jsonb,
                           '{"key": "a", "number": 1}'
                    FROM queue.ring r, queue.topics t WHERE t.topic = 'tests'
                    """
                )
            }
            #expect(try await bench.consumer(bench.router()).drain() == 1)
            #expect(try await bench.inspector.message(id, isThorough: true)?.headers == read)
        }
    }

    @Test func messagesOfSeveralTypesKeepTheirBodies() async throws {
        try await Bench.run { bench in
            try await bench.publish(Counted(key: "a", number: 1), Counted(key: "a", number: 2))
            try await bench.publish(Strange(key: "a"))
            try await bench.publish(Counted(key: "a", number: 3), Counted(key: "a", number: 4))
            var router = bench.router()
            router.on(Strange.self) { _, _, _ in }
            #expect(try await bench.consumer(router).drain() == 5)
            #expect(try await bench.effects().map(\.number) == [1, 2, 3, 4])
        }
    }

    @Test func anUnknownTypeIsLeftAndAnUnknownVersionIsDead() async throws {
        try await Bench.run { bench in
            try await bench.publish(Strange(key: "a"))
            try await bench.publish(CountedAnew(key: "a"))
            try await bench.publish(Counted(key: "a", number: 3))
            #expect(try await bench.consumer(bench.router()).drain() == 1)
            let failed = try await bench.inspector.failedMessages()
            #expect(failed.map(\.type) == ["counted.v2"])
            #expect(failed.allSatisfy { $0.isDead })
            let known = Inbox<String>()
            var strange = MessageRouter(subscription: "strange", topic: .tests)
            strange.on(Strange.self) { message, _, _ in known.put(message.key) }
            #expect(try await bench.consumer(strange).drain() == 1)
            #expect(await known.next() == ["a"])
        }
    }

    @Test func theHandlerSeesItsMessagesTenantAndPublishesForIt() async throws {
        try await Bench.run { bench in
            let other = TenantID()
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.database.transaction(tenant: other) { try $0.publish(Counted(key: "a", number: 2)) }
            let router = bench.router { message, _, tx in
                if message.number < 10 { try tx.publish(Counted(key: "b", number: message.number + 10)) }
            }
            #expect(try await bench.consumer(router).drain() == 4)
            let tenants = Dictionary(uniqueKeysWithValues: try await bench.effects().map { ($0.number, $0.tenant) })
            #expect(tenants == [1: "\(tenant)", 2: "\(other)", 11: "\(tenant)", 12: "\(other)"])
        }
    }

    @Test func theHandlerRunsInThePublishersTrace() async throws {
        let tracer = InMemoryTracer()
        let seen = Inbox<String?>()
        try await withTracer(tracer) {
            try await Bench.run { bench in
                let published = try await withSpan("request") { span in
                    try await bench.publish(Counted(key: "a", number: 1))
                    return span.context.inMemorySpanContext?.traceID
                }
                let router = bench.router { _, _, _ in seen.put(ServiceContext.current?.inMemorySpanContext?.traceID) }
                try await bench.consumer(router).drain()
                #expect(published != nil)
                #expect(await seen.next() == [published])
            }
        }
        #expect(tracer.finishedSpans.contains { $0.operationName == "handle counted.v1" })
    }
}
