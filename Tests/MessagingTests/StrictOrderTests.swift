import Domain
import Messaging
import Postgres
import TestKit
import Testing

/// Where a subscription is strict, messages of a key wait behind one that failed.
@Suite struct StrictOrderTests {
    private func router(
        _ bench: Bench,
        maximumAttempts: Int = 8,
        failing: @escaping @Sendable (Counted, Delivery) -> Bool
    ) -> MessageRouter {
        var policy = RetryPolicy.patient
        policy.maximumAttempts = maximumAttempts
        var router = bench.router(policy: policy) { message, delivery, _ in
            if failing(message, delivery) { throw Boom() }
        }
        router.isStrict = true
        return router
    }

    @Test func laterMessagesOfTheKeyWaitAndOthersDoNot() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(router(bench) { $0.key == "a" && $0.number == 1 && $1.attempt == 1 })
            try await bench.publish(
                Counted(key: "a", number: 1),
                Counted(key: "a", number: 2),
                Counted(key: "b", number: 3),
                Counted(key: "a", number: 4)
            )
            #expect(try await consumer.drain() == 1)
            // In a batch of its own too.
            try await bench.publish(Counted(key: "a", number: 5), Counted(key: "b", number: 6))
            #expect(try await consumer.drain() == 1)
            #expect(try await bench.effects().map(\.number) == [3, 6])
            #expect(try await bench.state()?.retries == 4)
            // None of those that wait is made due.
            for waiting in try await bench.inspector.failedMessages() where waiting.attempt == 1 {
                #expect(try await bench.inspector.retry(subscription: waiting.subscription, id: waiting.id) == false)
            }
            #expect(try await consumer.drain() == 0)
            #expect(try await consumer.drain(includingRetries: true) == 4)
            let effects = try await bench.effects().filter { $0.key == "a" }
            #expect(effects.map(\.number) == [1, 2, 4, 5])
            #expect(effects.map(\.attempt) == [2, 1, 1, 1])
            #expect(try await bench.state()?.retries == 0)
            try await bench.publish(Counted(key: "a", number: 7))
            #expect(try await consumer.drain() == 1)
        }
    }

    @Test func oneThatWaitedAndFailsHoldsUpThoseBehindIt() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(
                router(bench) { message, delivery in message.number < 3 && delivery.attempt == 1 }
            )
            try await bench.publish(contentsOf: (1...4).map { Counted(key: "a", number: $0) })
            #expect(try await consumer.drain() == 0)
            #expect(try await consumer.drain(includingRetries: true) == 4)
            #expect(try await bench.effects().map(\.number) == [1, 2, 3, 4])
        }
    }

    @Test func aDeadMessageLetsItsFollowersGo() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(router(bench, maximumAttempts: 2) { message, _ in message.number == 1 })
            try await bench.publish(contentsOf: (1...3).map { Counted(key: "a", number: $0) })
            #expect(try await consumer.drain() == 0)
            #expect(try await consumer.drain(includingRetries: true) == 2)
            #expect(try await bench.effects().map(\.number) == [2, 3])
            #expect(try await bench.state()?.deadLetters == 1)
        }
    }

    @Test func aDiscardedMessageLetsItsFollowersGo() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(router(bench) { message, _ in message.number == 1 })
            try await bench.publish(contentsOf: (1...3).map { Counted(key: "a", number: $0) })
            try await consumer.drain()
            let failed = try #require(try await bench.inspector.failedMessages().first { $0.attempt == 2 })
            #expect(try await bench.inspector.discard(subscription: failed.subscription, id: failed.id))
            #expect(try await consumer.drain() == 2)
            #expect(try await bench.effects().map(\.number) == [2, 3])
        }
    }

    /// Whoever comes second waits for the other, and none is left waiting behind nobody.
    @Test(.timeLimit(.minutes(10)), arguments: [true, false])
    func aMessageThatIsPutBehindOneThatJustGoesIsNotForgotten(goesFirst: Bool) async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(
                router(bench) { message, delivery in message.number == 1 && delivery.attempt == 1 }
            )
            try await bench.publish(Counted(key: "a", number: 1))
            try await consumer.drain()
            let id = try #require(try await bench.inspector.failedMessages().first).id
            try await bench.publish(Counted(key: "a", number: 2))
            let go: SQL = "SELECT queue.end_retry(1, \(id))"
            let park: SQL = "SELECT queue.park(1, lane, array[position]) FROM queue.log ORDER BY position DESC LIMIT 1"
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await bench.database.transaction { tx in
                    try await tx.execute(goesFirst ? go : park)
                    group.addTask { try await bench.database.execute(goesFirst ? park : go) }
                    try await bench.untilSomebodyWaits()
                }
                try await group.waitForAll()
            }
            #expect(try await bench.count("SELECT count(*) FROM queue.retries WHERE due = 'infinity'") == 0)
            #expect(try await bench.count("SELECT count(*) FROM queue.retries") == 1)
        }
    }
}
