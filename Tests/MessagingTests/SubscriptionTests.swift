import Domain
import Foundation
import Messaging
import Metrics
import MetricsTestKit
import Postgres
import TestKit
import Testing

@testable import Messaging

/// Where subscriptions begin, and how they are halted, set back and ended.
@Suite struct SubscriptionTests {
    @Test func aNewSubscriptionBeginsWithWhatTheLogHolds() async throws {
        try await Bench.run { bench in
            try await bench.publish(Counted(key: "a", number: 1))
            #expect(try await bench.consumer(bench.router("one")).drain() == 1)
            #expect(try await bench.consumer(bench.router("two")).drain() == 1)
            #expect(try await bench.consumer(bench.router("one")).drain() == 0)
        }
    }

    @Test func oneThatBeginsNowHasWhatCommitsFromNowOn() async throws {
        try await Bench.run { bench in
            var router = bench.router()
            router.beginning = .now
            let consumer = bench.consumer(router)
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.database.transaction(tenant: tenant) { slow in
                try slow.publish(Counted(key: "a", number: 2))
                try await slow.execute("SELECT 1")
                #expect(try await consumer.drain() == 0)
                try await bench.publish(Counted(key: "a", number: 3))
                #expect(try await consumer.drain() == 1)
            }
            #expect(try await consumer.drain() == 1)
            #expect(try await bench.effects().map(\.number) == [3, 2])
        }
    }

    @Test func oneThatBeginsNowMissesNotTheFirstOfAll() async throws {
        try await Bench.run { bench in
            var router = bench.router()
            router.beginning = .now
            #expect(try await bench.consumer(router).drain() == 0)
            try await bench.publish(Counted(key: "a", number: 1))
            #expect(try await bench.consumer(router).drain() == 1)
        }
    }

    @Test func oneThatBeginsAtATimeHasWhatWasPublishedSince() async throws {
        try await Bench.run { bench in
            try await bench.publish(contentsOf: (1...20).map { Counted(key: "k\($0)", number: $0) })
            let time = Date()
            while Date() <= time.addingTimeInterval(0.001) {}
            try await bench.publish(contentsOf: (21...40).map { Counted(key: "k\($0)", number: $0) })
            var router = bench.router()
            router.beginning = .time(time)
            #expect(try await bench.consumer(router).drain() == 20)
            #expect(Set(try await bench.effects().map(\.number)) == Set(21...40))
        }
    }

    /// Its transaction got its id after the subscription's, and its position before the look at the log.
    @Test(.timeLimit(.minutes(10))) func aSlowTransactionIsNotMissedWhileASubscriptionIsDeclared() async throws {
        let inserted = Inbox<Void>()
        try await Bench.run { bench in
            var router = bench.router()
            router.beginning = .time(Date(timeIntervalSinceNow: -3600))
            let consumer = bench.consumer(router)
            try await bench.database.transaction(tenant: tenant) { slow in
                async let declared: Void = {
                    _ = await inserted.next()
                    try await Worker(consumer).declareSubscriptions()
                }()
                try await bench.test.withPool { owner in
                    do {
                        try await owner.transaction { rival in
                            // The declaration waits for it, and goes on since it comes to nothing. It draws the first
                            // number and so has its id by then.
                            try await rival.execute(
                                """
                                INSERT INTO queue.subscriptions (subscription, name, topic) OVERRIDING SYSTEM VALUE
                                VALUES (1000, 'testing.tests', 'tests')
                                """
                            )
                            inserted.put(())
                            try await bench.untilSomebodyWaits()
                            try slow.publish(Counted(key: "a", number: 1))
                            try await slow.execute("SELECT 1")
                            try await bench.publish(Counted(key: "a", number: 2))
                            throw Boom()
                        }
                    } catch is Boom {}
                }
                try await declared
            }
            #expect(try await consumer.drain() == 2)
            #expect(try await bench.effects().map(\.number) == [1, 2])
        }
    }

    @Test func manyDeclareTheSameAtOnce() async throws {
        try await Bench.run { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await bench.database.query("SELECT queue.declare('one', 'tests')") }
                }
                try await group.waitForAll()
            }
            #expect(try await bench.count("SELECT count(*) FROM queue.subscriptions") == 1)
            #expect(try await bench.count("SELECT count(*) FROM queue.ledger") == 4)
            let error = await #expect(throws: PostgresError.self) {
                try await bench.database.query("SELECT queue.declare('one', 'events')")
            }
            #expect(error?.sqlState == "42710")
        }
    }

    @Test func aRemovedSubscriptionFreesTheLog() async throws {
        try await Bench.run { bench in
            let one = bench.consumer(bench.router("one") { _, _, _ in throw Boom() })
            try await bench.consumer(bench.router("two")).drain()
            try await bench.publish(Counted(key: "a", number: 1))
            try await one.drain()
            #expect(try await bench.rotate() == ["moved to 1"])
            #expect(try await bench.operate { try await $0.remove(subscription: "two") })
            #expect(try await bench.rotate() == ["emptied 0"])
            #expect(try await bench.operate { try await $0.remove(subscription: "one") })
            #expect(try await bench.inspector.failedMessages().isEmpty)
            #expect(try await bench.operate { try await $0.remove(subscription: "one") } == false)
            #expect(try await bench.consumer(bench.router("one")).drain() == 0)
        }
    }

    @Test(.timeLimit(.minutes(10))) func oneThatIsRemovedInMidBatchHasNoEffect() async throws {
        let started = Inbox<Int>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            let consumer = bench.consumer(
                bench.router { message, _, _ in
                    started.put(message.number)
                    _ = await gate.next()
                }
            )
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.running(consumer) {
                _ = await started.next()
                _ = try await bench.operate { try await $0.remove(subscription: "testing.tests") }
                gate.put(())
            }
            #expect(try await bench.effects() == [])
        }
    }

    @Test func aReplayDeliversAgain() async throws {
        try await Bench.run { bench in
            let consumer = bench.consumer(bench.router())
            try await bench.publish(contentsOf: (1...10).map { Counted(key: "k\($0)", number: $0) })
            #expect(try await consumer.drain() == 10)
            let time = Date()
            while Date() <= time.addingTimeInterval(0.001) {}
            try await bench.publish(Counted(key: "a", number: 11), Counted(key: "b", number: 12))
            #expect(try await consumer.drain() == 2)
            try await bench.operate { owner in
                try await owner.replay(subscription: "testing.tests", from: .time(time))
                #expect(try await consumer.drain() == 2)
                try await owner.replay(subscription: "testing.tests", from: .start)
                #expect(try await consumer.drain() == 12)
                let last: SQL = "SELECT id FROM queue.log ORDER BY position DESC LIMIT 1"
                let id = try #require(try await bench.database.query(last).first).decode(UUID.self)
                try await owner.replay(subscription: "testing.tests", fromMessage: id)
                #expect(try await consumer.drain() == 1)
                await #expect(throws: PostgresError.self) {
                    try await owner.replay(subscription: "testing.tests", fromMessage: UUID())
                }
                for act in [
                    { try await owner.replay(subscription: "none", from: .start) },
                    { try await owner.cutOff(subscription: "none") },
                ] {
                    let error = await #expect(throws: PostgresError.self) { try await act() }
                    #expect(error?.sqlState == "42704")
                }
            }
            #expect(try await bench.effects().suffix(1).map(\.number) == [12])
        }
    }

    @Test(.timeLimit(.minutes(10))) func aReplayTakesTheLanesFromWhoWorksOnThem() async throws {
        let started = Inbox<Int>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            let consumer = bench.consumer(
                bench.router { message, _, _ in
                    started.put(message.number)
                    if message.number == 2 { _ = await gate.next() }
                }
            )
            try await bench.running(consumer) {
                try await bench.publish(Counted(key: "a", number: 1))
                #expect(await started.next() == [1])
                while try await bench.state()?.handled != 1 {}
                try await bench.publish(Counted(key: "a", number: 2))
                #expect(await started.next() == [2])
                try await bench.operate { try await $0.replay(subscription: "testing.tests", from: .start) }
                gate.put(())
                gate.put(())
                #expect(await started.next(2) == [1, 2])
                while try await bench.state()?.lag != 0 {}
            }
            #expect(try await bench.effects().map(\.number) == [1, 1, 2])
        }
    }

    @Test(.timeLimit(.minutes(10))) func anIdleWorkerNoticesAReplay() async throws {
        try await Bench.run { bench in
            try await bench.running(bench.consumer(bench.router())) {
                try await bench.publish(contentsOf: (1...10).map { Counted(key: "k\($0)", number: $0) })
                while try await bench.state()?.handled != 10 {}
                try await bench.operate { try await $0.replay(subscription: "testing.tests", from: .start) }
                while try await bench.state()?.handled != 20 {}
            }
            #expect(try await bench.effects().count == 20)
        }
    }

    @Test(.timeLimit(.minutes(10))) func aPausedSubscriptionFinishesItsBatchAndBeginsNothing() async throws {
        let started = Inbox<Int>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            let consumer = bench.consumer(
                bench.router { message, delivery, _ in
                    started.put(message.number)
                    if message.number == 1 && delivery.attempt == 1 {
                        _ = await gate.next()
                        throw MessageDisposition.retry(after: .zero)
                    }
                }
            )
            try await bench.publish(Counted(key: "a", number: 1), Counted(key: "b", number: 2))
            try await bench.operate { owner in
                try await bench.running(consumer) {
                    while await started.next() != [1] {}
                    #expect(try await owner.pause(subscription: "testing.tests"))
                    #expect(try await owner.isDrained(subscription: "testing.tests") == false)
                    gate.put(())
                    gate.put(())
                    while try await !owner.isDrained(subscription: "testing.tests") {}
                    #expect(Set(try await bench.effects().map(\.number)) == [2])
                    let take: SQL = "SELECT count(*) FROM queue.take(1, '{12288,12289}', gen_random_uuid())"
                    #expect(try await bench.count(take) == 0)
                    try await bench.publish(Counted(key: "a", number: 3))
                    #expect(try await bench.consumer(bench.router()).drain(includingRetries: true) == 0)
                    #expect(try await owner.resume(subscription: "testing.tests"))
                    while try await bench.state()?.handled != 3 {}
                }
                #expect(try await owner.isDrained(subscription: "testing.tests") == false)
                #expect(try await owner.pause(subscription: "none") == false)
            }
            #expect(Set(try await bench.effects().map(\.number)) == [1, 2, 3])
        }
    }

    @Test(.timeLimit(.minutes(10))) func aRetryInHandIsNotDrained() async throws {
        let started = Inbox<Void>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            let router = bench.router { _, delivery, _ in
                if delivery.attempt == 1 { throw MessageDisposition.retry(after: .zero) }
                started.put(())
                _ = await gate.next()
                if delivery.attempt == 2 { throw MessageDisposition.retry(after: .seconds(3600)) }
            }
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.operate { owner in
                try await bench.running(bench.consumer(router)) {
                    _ = await started.next()
                    #expect(try await owner.pause(subscription: "testing.tests"))
                    while try await bench.inspector.lanes().contains(where: { $0.owner != nil }) {}
                    #expect(try await owner.isDrained(subscription: "testing.tests") == false)
                    gate.put(())
                    while try await !owner.isDrained(subscription: "testing.tests") {}
                }
            }
            #expect(try await bench.state()?.retries == 1)
        }
    }

    @Test func lagRaisesAnAlarmUntilItIsMadeUpFor() async throws {
        let metrics = TestMetrics()
        let subscription = [("subscription", "one")]
        try await withMetricsFactory(metrics) {
            try await Bench.run { bench in
                var options = Consumer.Options.quick
                options.lagLimit = .zero
                let consumer = bench.consumer(bench.router("one"), options: options)
                try await consumer.drain()
                try await bench.publish(Counted(key: "a", number: 1))
                // Another service's worker tells, since nobody works on it.
                let other = Worker(bench.consumer(bench.router("two"), options: options))
                try await other.maintain()
                #expect(try metrics.expectGauge("queue_lagging", subscription).lastValue == 1)
                try await consumer.drain()
                try await other.maintain()
                #expect(try metrics.expectGauge("queue_lagging", subscription).lastValue == 0)
                // What lags is kept until somebody chooses to cut it off.
                try await bench.publish(Counted(key: "a", number: 2))
                try await other.maintain()
                #expect(try metrics.expectGauge("queue_lagging", subscription).lastValue == 1)
                _ = try await bench.consumer(bench.router("two"), options: options).drain()
                #expect(try await bench.rotate() == ["moved to 1"])
                try await bench.operate { try await $0.cutOff(subscription: "one") }
                try await other.maintain()
                #expect(try metrics.expectGauge("queue_lagging", subscription).lastValue == 0)
                #expect(try await consumer.drain() == 0)
                #expect(try await bench.count("SELECT count(*) FROM queue.log") == 0)
            }
        }
    }

    @Test func whatIsYoungerThanTheLimitIsNoLag() async throws {
        let metrics = TestMetrics()
        let subscription = [("subscription", "one")]
        try await withMetricsFactory(metrics) {
            try await Bench.run { bench in
                var options = Consumer.Options.quick
                options.lagLimit = .seconds(7200)
                let consumer = bench.consumer(bench.router("one"), options: options)
                try await consumer.drain()
                try await bench.publish(Counted(key: "a", number: 1))
                let worker = Worker(consumer)
                for (hours, isLagging) in [(1, 0.0), (2, 1)] as [(Int32, Double)] {
                    _ = try await bench.test.withPool { owner in
                        try await owner.execute(
                            "UPDATE queue.log SET published_at = now() - make_interval(hours => \(hours))"
                        )
                    }
                    try await worker.maintain()
                    #expect(try metrics.expectGauge("queue_lagging", subscription).lastValue == isLagging)
                }
            }
        }
    }
}
