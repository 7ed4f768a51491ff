import Foundation
import Logging
import Messaging
import Postgres
import Synchronization
import TestKit
import Testing

/// Publishers that are slow, late, large or rolled back; handlers that fail or dawdle; workers that end well, vanish or
/// are declared dead while they work on (and so wake to find their lanes taken); connections that are cut, those of the
/// publishers too; segments emptied and the ledger trimmed all the while; lanes raised twice. Somebody looks on.
struct Torture: Sendable {
    /// Handlers fail for the last two.
    static let subscriptions = ["smooth", "failing", "strict"]
    /// What must have happened, so often. On a machine that is too slow for it, the torture takes longer.
    static let least = [
        "messages": 500, "rollbacks": 5, "failures": 5, "stops": 1, "crashes": 2, "zombies": 2, "cuts": 2,
        "looks at takeovers": 1, "emptied": 1, "trims": 1, "raises": 2, "looks": 2,
    ]
    private static let keys = (0..<24).map { "key \($0)" }

    let bench: Bench
    let seconds: Double
    private let tally = Tally()
    private let start = ContinuousClock.now

    private final class Tally: Sendable {
        private let counts = Mutex<[String: Int]>([:])
        func note(_ what: String, _ count: Int = 1) { counts.withLock { $0[what, default: 0] += count } }
        var all: [String: Int] { counts.withLock { $0 } }
    }

    private var isRunning: Bool { isWanted(for: Array(Self.least.keys)) }

    /// Publishers do not go on for the sake of segments that could not be emptied yet: the log would only grow.
    private var isPublishing: Bool { isWanted(for: ["messages", "rollbacks", "failures"]) }

    /// The usual time is not over, or these did not happen often enough.
    private func isWanted(for torments: [String]) -> Bool {
        let elapsed = ContinuousClock.now - start
        if elapsed < .seconds(seconds) { return true }
        return torments.contains { count(of: $0) < Self.least[$0, default: 0] } && elapsed < .seconds(60 * seconds)
    }

    func count(of what: String) -> Int { tally.all[what, default: 0] }

    func run() async throws {
        for key in Self.keys { try await bench.database.execute("INSERT INTO testing.keys VALUES (\(key))") }
        // The subscriptions are there before the first message: the log keeps none for those to come.
        try await consumer(on: bench.database, isCalm: true).drain()
        try await bench.test.withPool { owner in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { await publish() } }
                for _ in 0..<3 { group.addTask { try await live() } }
                group.addTask { await tidy(as: owner) }
                group.addTask { await strike(as: owner) }
                group.addTask { await raiseLanes(as: owner) }
                group.addTask { try await lookOn() }
                try await group.waitForAll()
            }
        }
    }

    /// Handles what is left, as a worker that nobody troubles.
    func settle() async throws {
        _ = try await bench.test.withPool { try await $0.execute("DELETE FROM queue.workers") }
        let consumer = consumer(on: bench.database, isCalm: true)
        while true {
            try await consumer.drain(includingRetries: true)
            let states = try await bench.inspector.subscriptions()
            if states.allSatisfy({ $0.lag + $0.retries == 0 }) { return }
        }
    }

    func published() async throws -> [String: Int] {
        let rows = try await bench.database.query("SELECT key, published FROM testing.keys")
        return Dictionary(
            uniqueKeysWithValues: try rows.map { row in
                let (key, count) = try row.decode(String.self, Int32.self)
                return (key, Int(count))
            }
        )
    }

    func report(total: Int) {
        let counts = tally.all.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print("torture: \(total) messages × \(Self.subscriptions.count) subscriptions; \(counts)")
    }

    // MARK: Publishers

    private func publish() async {
        while isPublishing {
            do {
                let published = try await bench.database.transaction(tenant: tenant) { tx in
                    // Some have an id long before they publish.
                    if Int.random(in: 0..<5) == 0 {
                        try await tx.execute("SELECT pg_current_xact_id(), pg_sleep(\(Double.random(in: 0...0.1)))")
                    }
                    let isBulk = Int.random(in: 0..<20) == 0
                    // In one order, lest two wait for each other.
                    let keys = Self.keys.shuffled().prefix(isBulk ? 12 : Int.random(in: 1...2)).sorted()
                    var published = 0
                    for key in keys {
                        let count = isBulk ? 15 : Int.random(in: 1...3)
                        let rows = try await tx.query(
                            """
                            UPDATE testing.keys SET published = published + \(Int32(count)) WHERE key = \(key)
                            RETURNING published
                            """
                        )
                        let last = try #require(rows.first).decode(Int32.self)
                        try tx.publish(
                            contentsOf: (Int(last) - count + 1...Int(last)).map { Counted(key: key, number: $0) }
                        )
                        published += count
                    }
                    if Int.random(in: 0..<5) == 0 {
                        try await tx.execute("SELECT pg_sleep(\(Double.random(in: 0...0.1)))")
                    }
                    if Int.random(in: 0..<10) == 0 { throw Boom() }
                    return published
                }
                tally.note("publications")
                tally.note("messages", published)
                _ = try await bench.database.query("SELECT pg_sleep(\(Double.random(in: 0...0.02)))")
            } catch is Boom {
                tally.note("rollbacks")
            } catch {
                tally.note("publications cut")
            }
        }
    }

    // MARK: Workers

    /// Life after life, each with a pool of its own, each ending in another way.
    private func live() async throws {
        while isRunning {
            let name = "torture-\(UUID())"
            try await bench.test.withPool(role: "tradewind_queue", configure: { $0.applicationName = name }) { pool in
                let consumer = consumer(on: pool, isCalm: false)
                await withTaskGroup(of: Void.self) { tasks in
                    let stop = Inbox<Void>()
                    tasks.addTask { try? await bench.runningUntil(stop, consumer) }
                    _ = try? await bench.database.query("SELECT pg_sleep(\(Double.random(in: 0.1...1.5)))")
                    switch Int.random(in: 0..<3) {
                    case 0:
                        tally.note("stops")
                        stop.put(())
                    case 1:
                        tally.note("crashes")
                        tasks.cancelAll()
                    default:
                        tally.note("crashes")
                        await cut("application_name = \(name)")
                        tasks.cancelAll()
                    }
                }
            }
        }
    }

    private func consumer(on database: Database, isCalm: Bool) -> Consumer {
        var policy = RetryPolicy()
        policy.initialBackoff = .milliseconds(20)
        policy.maximumBackoff = .milliseconds(200)
        policy.maximumAttempts = 1000
        var options = Consumer.Options.quick(lease: .milliseconds(600))
        options.batchSize = 20
        options.spreadInterval = .milliseconds(50)
        if Bool.random() { options.ownership = .lease }
        let routers = Self.subscriptions.map { name in
            var router = bench.router(name, policy: policy) { _, _, tx in
                if isCalm { return }
                if name != "smooth", Int.random(in: 0..<30) == 0 {
                    tally.note("failures")
                    throw Boom()
                }
                if Int.random(in: 0..<60) == 0 {
                    try await tx.execute("SELECT pg_sleep(\(Double.random(in: 0...0.2)))")
                }
            }
            router.isStrict = name == "strict"
            return router
        }
        return Consumer(database: database, routers: routers, options: options, logger: Self.silence)
    }

    private static let silence: Logger = {
        var logger = TestDatabase.quietLogger
        if logger.logLevel == .error { logger.logLevel = .critical }
        return logger
    }()

    // MARK: What happens to them

    private func tidy(as owner: Database) async {
        while isRunning {
            let trimmed = try? await bench.database.query("SELECT queue.trim('1 s')").first?.decode(Int.self)
            if let trimmed, trimmed > 0 { tally.note("trims") }
            // One step at a time: while there are publishers there is always a next one.
            let step = try? await bench.database.query("SELECT queue.rotate('0 s', p_idle => '0 s')").first?
                .decode(String.self)
            if let step { tally.note(String(step.prefix { $0.isLetter })) }
            _ = try? await owner.query("SELECT pg_sleep(0.05)")
        }
    }

    /// Takes a worker for dead that is not, or cuts some connection of whoever.
    private func strike(as owner: Database) async {
        while isRunning {
            if Bool.random() { await declareDead(as: owner) } else { await cutSomebody() }
            _ = try? await owner.query("SELECT pg_sleep(\(Double.random(in: 0...0.3)))")
        }
    }

    /// It renews its lease, so it takes more than one time until its rivals notice.
    private func declareDead(as owner: Database) async {
        let worker = try? await owner.query("SELECT worker FROM queue.living ORDER BY random() LIMIT 1").first
        guard let worker = try? worker?.decode(UUID.self) else { return }
        var isZombie = false
        for _ in 0..<10 {
            let struck = try? await owner.execute(
                "UPDATE queue.workers SET alive_until = '-infinity' WHERE worker = \(worker) AND alive_until > now()"
            )
            isZombie = isZombie || struck == 1
            _ = try? await owner.query("SELECT pg_sleep(0.01)")
        }
        if isZombie { tally.note("zombies") }
    }

    private func cutSomebody() async {
        let victim: SQL = """
            pid = (SELECT pid FROM pg_stat_activity
                   WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                     AND application_name <> \(Self.onlooker)
                   ORDER BY random() LIMIT 1)
            """
        tally.note("cuts", await cut(victim))
    }

    /// Tells how many were there to be cut.
    @discardableResult
    private func cut(_ which: SQL) async -> Int {
        let cut = try? await bench.test.withPool { owner in
            try await owner.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(which)")
        }
        return cut?.count ?? 0
    }

    private func raiseLanes(as owner: Database) async {
        let inspector = QueueInspector(database: owner)
        for (lanes, share) in [(8, 0.3), (16, 0.6)] {
            while isRunning {
                if ContinuousClock.now - start > .seconds(seconds * share),
                    (try? await inspector.raiseLanes(of: "tests", to: lanes)) == true
                {
                    tally.note("raises")
                    break
                }
                _ = try? await owner.query("SELECT pg_sleep(0.05)")
            }
        }
    }

    /// Its connections are let alone, so that nothing excuses a look that fails.
    private static let onlooker = "torture's onlooker"

    /// Looks through the inspector: that never fails, and what was handled never becomes less, nor more than was published.
    private func lookOn() async throws {
        try await bench.test.withPool(role: "tradewind_queue", configure: { $0.applicationName = Self.onlooker }) {
            pool in
            let inspector = QueueInspector(database: pool)
            var handled: [String: Int] = [:]
            while isRunning {
                let states = try await inspector.subscriptions()
                let topics = try await inspector.topics()
                let published = topics.reduce(0) { $0 + $1.published }
                for state in states {
                    #expect(state.handled >= handled[state.subscription, default: 0])
                    #expect(state.handled <= published)
                    #expect(min(state.lag, state.retries, state.deadLetters) >= 0)
                    #expect(min(state.lagSeconds, state.handledPerSecond) >= 0)
                    handled[state.subscription] = state.handled
                }
                #expect(topics.allSatisfy { $0.publishedPerSecond >= 0 })
                #expect(
                    try await inspector.lanes().allSatisfy { min($0.position, $0.lag) >= 0 && $0.handledPerSecond >= 0 }
                )
                let log = try await inspector.log()
                #expect(log.filled >= 1 && log.filled <= log.segments && log.bytes > 0)
                #expect(try await inspector.timersState().waiting == 0)
                #expect(try await inspector.schedules().isEmpty)
                _ = try await inspector.failedMessages()
                if handled.count == Self.subscriptions.count { tally.note("looks") }
                let taken = try await pool.query("SELECT count(*) FROM queue.ledger WHERE attempt > 0").first
                if let taken, try taken.decode(Int.self) > 0 { tally.note("looks at takeovers") }
                _ = try await pool.query("SELECT pg_sleep(0.05)")
            }
        }
    }
}

extension Bench {
    /// Runs a consumer as a service until it is told to stop gracefully.
    fileprivate func runningUntil(_ stop: Inbox<Void>, _ consumer: Consumer) async throws {
        try await running(consumer) { _ = await stop.next() }
    }
}
