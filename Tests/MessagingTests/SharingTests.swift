import Domain
import Messaging
import Postgres
import Synchronization
import TestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct SharingTests {
    @Test func workersShareTheLanesEvenly() async throws {
        try await Bench.run { bench in
            let first = bench.consumer(bench.router())
            let second = bench.consumer(bench.router())
            try await bench.running(first) {
                while try await lanesByOwner(bench) != [4] {}
                try await bench.running(second) {
                    while try await lanesByOwner(bench) != [2, 2] {}
                }
                while try await lanesByOwner(bench) != [4] {}
            }
            // Given back, with no attempt counted.
            #expect(try await lanesByOwner(bench) == [])
            #expect(try await bench.state()?.owners == [])
            let attempts = try await bench.count("SELECT count(*) FROM queue.ledger WHERE attempt > 0")
            #expect(attempts == 0)
            #expect(try await bench.count("SELECT count(*) FROM queue.workers") == 0)
        }
    }

    private func lanesByOwner(_ bench: Bench) async throws -> [Int] {
        try await bench.database.query(
            """
            SELECT count(*) FROM (SELECT DISTINCT ON (lane) lane, owner FROM queue.ledger ORDER BY lane, seq DESC) x
            WHERE owner IS NOT NULL GROUP BY owner
            """
        ).map { try $0.decode(Int.self) }
    }

    @Test func aDoorbellIsHeardBeforeTheNextPoll() async throws {
        let handled = Inbox<Int>()
        try await Bench.run { bench in
            var options = Consumer.Options()
            options.pollInterval = .seconds(3600)
            let consumer = bench.consumer(
                bench.router { message, _, _ in handled.put(message.number) },
                options: options
            )
            try await bench.running(consumer) {
                // The second one finds the lane idle, so that only the bell can wake it.
                for number in 1...2 {
                    try await bench.publish(Counted(key: "a", number: number))
                    #expect(await handled.next() == [number])
                    while try await bench.state()?.handled != number {}
                }
            }
        }
    }

    @Test(arguments: [Consumer.Ownership.automatic, .lease])
    func aWorkerThatIsCutOffIsTakenOver(_ ownership: Consumer.Ownership) async throws {
        let first = Inbox<Int>()
        let second = Inbox<Int>()
        try await Bench.run { bench in
            // Its lock is free at once, its lease after two seconds.
            var chosen = Consumer.Options.quick(lease: ownership == .lease ? .seconds(2) : .seconds(3600))
            chosen.ownership = ownership
            let options = chosen
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
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try? await crashing.run() }
                    _ = await first.next()
                    while ownership == .automatic, try await locks(bench) == 0 {}
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

    private func locks(_ bench: Bench) async throws -> Int {
        try await bench.count("SELECT count(*) FROM queue.living WHERE lock IS NOT NULL")
    }

    @Test func aWorkerWhoseLockIsLostTakesItAgain() async throws {
        let handled = Inbox<Int>()
        try await Bench.run { bench in
            let consumer = bench.consumer(
                bench.router { message, _, _ in handled.put(message.number) },
                options: .quick(lease: .seconds(3600))
            )
            let holder: SQL = """
                SELECT pid FROM pg_locks
                WHERE locktype = 'advisory' AND classid = 1953984876 AND granted
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """
            try await bench.running(consumer) {
                while try await locks(bench) == 0 {}
                let before = try await bench.count("\(holder)")
                _ = try await bench.test.withPool {
                    try await $0.query("SELECT pg_terminate_backend(\(Int32(before)))")
                }
                while try await bench.count("\(holder)") == before {}
                while try await locks(bench) == 0 {}
                try await bench.publish(Counted(key: "a", number: 1))
                #expect(await handled.next() == [1])
            }
            #expect(try await bench.effects().count == 1)
        }
    }

    @Test(arguments: [false, true])
    func aZombiesAcknowledgementIsRefusedAndItsEffectsAreUndone(afterTrim: Bool) async throws {
        let started = Inbox<Int>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            let zombie = bench.consumer(
                bench.router { message, _, _ in
                    started.put(message.number)
                    _ = await gate.next()
                },
                options: .quick(lease: .seconds(3600))
            )
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.running(zombie) {
                _ = await started.next()
                try await takeOver(from: bench, with: bench.consumer(bench.router())) { !$0.isEmpty }
                if afterTrim { try await bench.database.query("SELECT queue.trim('0 s')") }
                gate.put(())
            }
            #expect(try await bench.effects().map(\.number) == [1])
            #expect(try await bench.state()?.handled == 1)
            #expect(try await bench.state()?.retries == 0)
        }
    }

    /// As if the other worker's machine had stood still for longer than its lease. It may have renewed it just then, so
    /// this goes on until the rival has done its work.
    private func takeOver(
        from bench: Bench,
        with rival: Consumer,
        until isDone: ([Effect]) async throws -> Bool
    ) async throws {
        repeat {
            try await bench.database.execute("UPDATE queue.workers SET alive_until = '-infinity'")
            try await rival.drain()
        } while try await !isDone(bench.effects())
    }

    @Test func aZombiesFailureIsNotCounted() async throws {
        let started = Inbox<Int>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            let zombie = bench.consumer(
                bench.router { message, _, _ in
                    started.put(message.number)
                    if message.number == 1 { _ = await gate.next() }
                    throw Boom()
                },
                options: .quick(lease: .seconds(3600))
            )
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.running(zombie) {
                _ = await started.next()
                // Due after the test, lest the zombie meet it again as a retry.
                let rival = bench.router { _, _, _ in throw MessageDisposition.retry(after: .seconds(3600)) }
                try await takeOver(from: bench, with: bench.consumer(rival)) { _ in
                    try await bench.state()?.retries == 1
                }
                gate.put(())
                gate.put(())
            }
            #expect(try await bench.inspector.failedMessages().map(\.attempt) == [2])
            #expect(try await bench.consumer(bench.router()).drain(includingRetries: true) == 1)
            #expect(try await bench.effects().count == 1)
        }
    }

    @Test func aRetryWhoseClaimRanOutIsHandledOnce() async throws {
        let started = Inbox<Int>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.consumer(bench.router { _, _, _ in throw Boom() }).drain()
            try await bench.database.execute("UPDATE queue.retries SET due = clock_timestamp()")
            let slow = bench.consumer(
                bench.router { message, _, _ in
                    started.put(message.number)
                    _ = await gate.next()
                }
            )
            try await bench.running(slow) {
                _ = await started.next()
                let rival = bench.consumer(bench.router())
                // Nobody is given what another has in hand, until its time is over.
                #expect(try await rival.drain(includingRetries: true) == 0)
                try await bench.database.execute("UPDATE queue.retries SET due = clock_timestamp()")
                #expect(try await rival.drain() == 1)
                gate.put(())
            }
            #expect(try await bench.effects().map(\.attempt) == [3])
            #expect(try await bench.state()?.handled == 1)
        }
    }

    @Test(arguments: [MessageDisposition.discard("too late"), .retry(after: .zero)])
    func aFailureWhoseClaimRanOutDecidesNothing(_ disposition: MessageDisposition) async throws {
        let started = Inbox<Int>()
        let gate = Inbox<Void>()
        try await Bench.run { bench in
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.consumer(bench.router { _, _, _ in throw Boom() }).drain()
            try await bench.database.execute("UPDATE queue.retries SET due = clock_timestamp()")
            let slow = bench.consumer(
                bench.router { message, _, _ in
                    started.put(message.number)
                    _ = await gate.next()
                    throw disposition
                }
            )
            try await bench.running(slow) {
                _ = await started.next()
                try await bench.database.execute("UPDATE queue.retries SET due = clock_timestamp()")
                try await bench.consumer(bench.router { _, _, _ in throw Boom() }).drain()
                gate.put(())
            }
            let failed = try await bench.inspector.failedMessages()
            #expect(failed.map(\.isDead) == [false])
            #expect(failed.map(\.attempt) == [4])
            #expect(failed.map(\.error) == ["Boom: boom"])
        }
    }

    @Test(.timeLimit(.minutes(10))) func aLaneThatCouldNotBeReadStaysAndCountsNoAttempt() async throws {
        try await Bench.run { bench in
            try await bench.running(bench.consumer(bench.router())) {
                while try await bench.inspector.lanes().compactMap(\.owner).count < 4 {}
                try await bench.test.withPool { owner in
                    try await owner.transaction { tx in
                        try await tx.execute("LOCK TABLE queue.log_0")
                        let terminate: SQL = """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%queue.read(%'
                            """
                        while try await tx.query(terminate).isEmpty {
                            try await tx.query("SELECT pg_stat_clear_snapshot()")
                        }
                    }
                }
                try await bench.publish(contentsOf: (1...20).map { Counted(key: "k\($0)", number: $0) })
                while try await bench.effects().count < 20 {}
            }
            #expect(try await bench.count("SELECT count(*) FROM queue.ledger WHERE attempt > 0") == 0)
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
                try await bench.running(bench.consumer(router, database: pool)) {
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
