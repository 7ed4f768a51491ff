import Domain
import Foundation
import Messaging
import Postgres
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

/// The numbers that publishers drew, and those whose transaction committed.
private final class Tally: Sendable {
    let committed = Mutex<Set<Int>>([])
    private let last = Mutex(0)

    func draw(_ count: Int) -> [Int] {
        last.withLock { last in
            defer { last += count }
            return Array(last + 1...last + count)
        }
    }
}

/// Publishers that are slow or roll back, handlers that fail, connections that are cut, workers that vanish, segments
/// that are emptied all the while: each message that was committed has its effect once for each subscription.
@Suite struct TortureTests {
    @Test(.timeLimit(.minutes(3))) func everyMessageHasItsEffectExactlyOnce() async throws {
        try await Bench.run(configure: { $0.maximumConnections = 12 }) { bench in
            let tally = Tally()
            let end = ContinuousClock.now + .seconds(5)
            let isRunning: @Sendable () -> Bool = { ContinuousClock.now < end }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        while isRunning() {
                            let batch = tally.draw(Int.random(in: 1...30))
                            do {
                                try await bench.database.transaction(tenant: tenant) { tx in
                                    try tx.publish(
                                        contentsOf: batch.map { Counted(key: "k\($0 % 17)", number: $0) }
                                    )
                                    if Bool.random() {
                                        try await tx.execute("SELECT pg_sleep(\(Double.random(in: 0...0.05)))")
                                    }
                                    if Int.random(in: 0..<10) == 0 { throw Boom() }
                                }
                                tally.committed.withLock { $0.formUnion(batch) }
                            } catch is Boom {}
                        }
                    }
                }
                for worker in 0..<3 {
                    group.addTask { try await Self.work(worker, on: bench, while: isRunning) }
                }
                group.addTask {
                    while isRunning() {
                        _ = try? await bench.database.query("SELECT queue.rotate('0 s'), queue.trim('2 s')")
                        try await bench.database.query("SELECT pg_sleep(0.1)")
                    }
                }
                try await group.waitForAll()
            }
            // What vanished workers held is free when their lease has run out.
            try await bench.database.execute("DELETE FROM queue.workers")
            let final = Self.consumer(on: bench, database: bench.database) { _ in }
            while true {
                try await final.drain(includingRetries: true)
                let open = try await bench.inspector.subscriptions().reduce(0) { $0 + $1.lag + $1.retries }
                if open == 0 { break }
            }
            let expected = tally.committed.withLock { $0 }
            #expect(expected.count > 100)
            for subscription in ["one", "two"] {
                let effects = try await bench.effects(of: subscription).map(\.number)
                #expect(effects.count == Set(effects).count, "an effect happened twice for \(subscription)")
                #expect(Set(effects) == expected)
                #expect(try await bench.state(of: subscription)?.deadLetters == 0)
                #expect(try await bench.state(of: subscription)?.handled == expected.count)
            }
        }
    }

    /// Lives again and again, each life with a pool of its own, and ends each in another way.
    private static func work(_ worker: Int, on bench: Bench, while isRunning: @Sendable () -> Bool) async throws {
        while isRunning() {
            let name = "torture-\(UUID())"
            try await bench.test.withPool(role: "tradewind_queue", configure: { $0.applicationName = name }) { pool in
                let consumer = consumer(on: bench, database: pool) { _ in
                    if Int.random(in: 0..<50) == 0 { throw Boom() }
                }
                let ending = Int.random(in: 0..<3)
                let life = Double.random(in: 0.1...1)
                let group = ServiceGroup(
                    configuration: .init(services: [.init(service: consumer)], logger: bench.test.logger)
                )
                await withTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { try? await group.run() }
                    _ = try? await bench.database.query("SELECT pg_sleep(\(life))")
                    switch ending {
                    case 0: await group.triggerGracefulShutdown()
                    case 1: tasks.cancelAll()
                    default:
                        _ = try? await bench.test.withPool { owner in
                            try await owner.query(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = \(name)"
                            )
                        }
                        tasks.cancelAll()
                    }
                }
            }
        }
    }

    private static func consumer(
        on bench: Bench,
        database: Database,
        _ body: @escaping @Sendable (Counted) throws -> Void
    ) -> Consumer {
        var policy = RetryPolicy()
        policy.initialBackoff = .milliseconds(20)
        policy.maximumAttempts = 1000
        var options = Consumer.Options.quick
        options.batchSize = 20
        options.leaseTime = .milliseconds(500)
        let routers = ["one", "two"].map { name in
            bench.router(name, policy: policy) { message, _, _ in try body(message) }
        }
        return Consumer(database: database, routers: routers, options: options, logger: bench.test.logger)
    }
}
