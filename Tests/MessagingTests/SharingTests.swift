import Domain
import Messaging
import Postgres
import Synchronization
import TestKit
import Testing

@Suite struct SharingTests {
    @Test func twoWorkersShareTheLanes() async throws {
        let owners = Inbox<String>()
        try await Bench.run { bench in
            let options = Consumer.Options.quick(lease: .seconds(3))
            let one = bench.consumer(bench.router { _, _, _ in owners.put("one") }, options: options)
            let two = bench.consumer(bench.router { _, _, _ in owners.put("two") }, options: options)
            try await bench.running(one, two) {
                // Lanes are spread evenly once each worker has met messages on half of them.
                var seen: [String] = []
                while Set(seen).count < 2 {
                    try await bench.publish(contentsOf: (1...40).map { Counted(key: "k\($0)", number: $0) })
                    seen = await owners.next(40)
                }
                let shares = try await bench.database.query(
                    """
                    SELECT count(*) FROM (SELECT DISTINCT ON (lane) lane, owner FROM queue.ledger
                                          ORDER BY lane, seq DESC) x
                    GROUP BY owner
                    """
                )
                let counts = try shares.map { try $0.decode(Int64.self) }
                #expect(counts == [2, 2])
            }
            // Given back, with no attempt counted.
            #expect(try await bench.state()?.owners == [])
            let open = try await bench.count(
                """
                SELECT count(*) FROM (SELECT DISTINCT ON (lane) owner, attempt FROM queue.ledger ORDER BY lane, seq DESC) x
                WHERE owner IS NOT NULL OR attempt > 0
                """
            )
            #expect(open == 0)
            #expect(try await bench.count("SELECT count(*) FROM queue.workers") == 0)
            #expect(try await bench.state()?.lag == 0)
        }
    }

    @Test func theShutdownFinishesWhatIsInFlight() async throws {
        let started = Inbox<Int>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            let consumer = bench.consumer(
                bench.router { message, _, _ in
                    started.put(message.number)
                    _ = await gate.next()
                }
            )
            try await bench.running(consumer) {
                try await bench.publish(Counted(key: "a", number: 1))
                _ = await started.next()
                // The shutdown begins when this returns; the handler is held until the shutdown waits for it.
                gate.put(())
            }
            #expect(try await bench.effects() == [Effect(key: "a", number: 1, attempt: 1, tenant: "\(tenant)")])
            #expect(try await bench.state()?.retries == 0)
        }
    }

    @Test func aWorkerThatIsCutOffIsTakenOverWhenItsLeaseRunsOut() async throws {
        let first = Inbox<Int>()
        let second = Inbox<Int>()
        try await Bench.run { bench in
            let options = Consumer.Options.quick(lease: .seconds(2))
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.test.withPool(role: "tradewind_queue") { pool in
                let never = Inbox<Void>()
                let crashing = bench.consumer(
                    bench.router { message, _, _ in
                        first.put(message.number)
                        _ = await never.next()
                        try Task.checkCancellation()
                    },
                    database: pool,
                    options: options
                )
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { try? await crashing.run() }
                    _ = await first.next()
                    group.cancelAll()
                }
            }
            // Nothing was given back: only time frees its lanes.
            #expect(try await bench.count("SELECT count(*) FROM queue.workers") == 1)
            let rival = bench.consumer(bench.router { message, _, _ in second.put(message.number) }, options: options)
            try await bench.running(rival) {
                #expect(await second.next() == [1])
            }
            #expect(try await bench.effects().count == 1)
        }
    }

    @Test func aZombiesAcknowledgementIsRefusedAndItsEffectsAreUndone() async throws {
        let started = Inbox<Int>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            let options = Consumer.Options.quick(lease: .seconds(3600))
            let zombie = bench.consumer(
                bench.router { message, _, _ in
                    started.put(message.number)
                    _ = await gate.next()
                },
                options: options
            )
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.running(zombie) {
                _ = await started.next()
                // As if its machine had stood still for longer than its lease.
                try await bench.database.execute("UPDATE queue.workers SET alive_until = '-infinity'")
                let rival = bench.consumer(bench.router { message, _, _ in started.put(message.number) })
                #expect(try await rival.drain() == 1)
                gate.put(())
            }
            #expect(try await bench.effects().map(\.number) == [1])
            #expect(try await bench.state()?.handled == 1)
            #expect(try await bench.state()?.retries == 0)
        }
    }

    @Test func aLostConnectionLosesNothing() async throws {
        let handled = Inbox<Int>()
        let kills = Mutex(1)
        try await Bench.run { bench in
            let router = bench.router { message, _, tx in
                let dies = kills.withLock { left in
                    defer { left = max(0, left - 1) }
                    return left > 0
                }
                if dies { try await tx.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
                handled.put(message.number)
            }
            try await bench.test.withPool { pool in
                let options = Consumer.Options.quick(lease: .milliseconds(600))
                try await bench.running(bench.consumer(router, database: pool, options: options)) {
                    try await bench.publish(Counted(key: "a", number: 1), Counted(key: "a", number: 2))
                    #expect(await handled.next(2) == [1, 2])
                }
            }
            #expect(try await bench.effects().map(\.number) == [1, 2])
        }
    }

    @Test func aMessageThatEndsItsWorkersIsBuriedAlone() async throws {
        try await Bench.run { bench in
            var policy = RetryPolicy()
            policy.maximumAttempts = 3
            try await bench.publish(contentsOf: (1...3).map { Counted(key: "a", number: $0) })
            // A crash, as the ledger sees it: the connection goes, the lanes are not given back.
            let router = bench.router(policy: policy) { message, _, tx in
                if message.number == 2 { try await tx.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
            }
            for _ in 0..<8 {
                try await bench.test.withPool { pool in
                    _ = try? await bench.consumer(router, database: pool).drain()
                }
            }
            #expect(try await bench.effects().map(\.number) == [1, 3])
            let dead = try #require(try await bench.inspector.failedMessages().first)
            #expect(dead.error == "WorkerEnded: the worker ended 3 times while handling it")
        }
    }
}
