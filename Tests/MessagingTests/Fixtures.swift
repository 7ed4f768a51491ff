import Domain
import Foundation
import Logging
import Messaging
import Postgres
import ServiceLifecycle
import Synchronization
import TestKit

extension Topic {
    static let tests = Topic(rawValue: "tests")
}

struct Counted: Message {
    static let type = "counted.v1"
    static let topic = Topic.tests
    let key: String
    let number: Int
}

struct CountedAnew: Message {
    static let type = "counted.v2"
    static let topic = Topic.tests
    let key: String
}

/// Has the type of `Counted`, and a body that is none.
struct Miscounted: Message {
    static let type = Counted.type
    static let topic = Topic.tests
    let key: String
    var number = "Mei-Ling Chen"
}

struct Strange: Message {
    static let type = "strange.v1"
    static let topic = Topic.tests
    let key: String
}

struct Boom: Error, CustomStringConvertible {
    let description = "boom"
}

let tenant = TenantID()

extension DatabaseTemplate {
    /// The queue with topic `tests` (4 lanes), and a table for the handlers' effects.
    static let messaging = DatabaseTemplate(name: "messaging") { url, logger in
        try await DatabaseTemplate.queue.migrate(url, logger)
        try await Migrator(url: url, logger: logger).migrate(
            schema: "testing",
            [
                Migration(
                    1,
                    "effects",
                    sql: """
                        SELECT queue.create_topic('tests', 4);
                        CREATE TABLE testing.effects (
                            place bigint GENERATED ALWAYS AS IDENTITY,
                            subscription text NOT NULL,
                            key text NOT NULL,
                            number int NOT NULL,
                            attempt int NOT NULL,
                            tenant text
                        );
                        -- How many messages of each key were published: who counts has the key until the commit.
                        CREATE TABLE testing.keys (key text PRIMARY KEY, published int NOT NULL DEFAULT 0);
                        GRANT USAGE ON SCHEMA testing TO tradewind_queue;
                        GRANT SELECT, INSERT ON testing.effects TO tradewind_queue;
                        GRANT SELECT, INSERT, UPDATE ON testing.keys TO tradewind_queue;
                        """
                )
            ]
        )
    }
}

struct Effect: Hashable, CustomStringConvertible {
    let key: String
    let number: Int
    let attempt: Int
    let tenant: String?
    var description: String { "\(key)#\(number)@\(attempt)" }
}

/// A database with the role that services have on the queue, and consumers that note what they handle.
struct Bench: Sendable {
    let test: TestDatabase
    var database: Database { test.database }
    var inspector: QueueInspector { QueueInspector(database: database) }

    static func run(
        configure: @Sendable (inout Database.Configuration) -> Void = { _ in },
        _ body: @Sendable (Bench) async throws -> Void
    ) async throws {
        try await TestDatabase.withDatabase(.messaging, role: "tradewind_queue", configure: configure) {
            try await body(Bench(test: $0))
        }
    }

    func publish<M: Message>(_ messages: M...) async throws {
        try await publish(contentsOf: messages)
    }

    func publish<M: Message>(contentsOf messages: [M]) async throws {
        try await database.transaction(tenant: tenant) { try $0.publish(contentsOf: messages) }
    }

    /// Notes each `Counted` as an effect, after what `body` does.
    func router(
        _ subscription: String = "testing.tests",
        policy: RetryPolicy = .patient,
        _ body: @escaping @Sendable (Counted, Delivery, borrowing Transaction) async throws -> Void = { _, _, _ in }
    ) -> MessageRouter {
        var router = MessageRouter(subscription: subscription, topic: .tests)
        router.retryPolicy = policy
        router.on(Counted.self) { message, delivery, tx in
            tx.enqueue(
                """
                INSERT INTO testing.effects (subscription, key, number, attempt, tenant)
                VALUES (\(subscription), \(message.key), \(Int32(message.number)), \(Int32(delivery.attempt)),
                        current_setting('tradewind.tenant', true))
                """
            )
            try await body(message, delivery, tx)
        }
        return router
    }

    func consumer(_ routers: MessageRouter..., database: Database? = nil, options: Consumer.Options = .quick)
        -> Consumer
    {
        Consumer(database: database ?? self.database, routers: routers, options: options, logger: test.logger)
    }

    /// In the order in which they were handled.
    func effects(of subscription: String = "testing.tests") async throws -> [Effect] {
        try await database.query(
            """
            SELECT key, number, attempt, tenant FROM testing.effects WHERE subscription = \(subscription) ORDER BY place
            """
        ).map { row in
            let (key, number, attempt, tenant) = try row.decode(String.self, Int32.self, Int32.self, String?.self)
            return Effect(key: key, number: Int(number), attempt: Int(attempt), tenant: tenant)
        }
    }

    func state(of subscription: String = "testing.tests") async throws -> QueueInspector.SubscriptionState? {
        try await inspector.subscriptions().first { $0.subscription == subscription }
    }

    /// As the role that owns the queue.
    func operate<Result: Sendable>(
        _ body: @Sendable (QueueInspector) async throws -> Result
    ) async throws -> Result {
        try await test.withPool { try await body(QueueInspector(database: $0)) }
    }

    /// What the log's segments needed, step by step.
    func rotate() async throws -> [String] {
        var steps: [String] = []
        while let step = try await database.query("SELECT coalesce(queue.rotate('0 s'), '')").first {
            let name = try step.decode(String.self)
            if name.isEmpty { break }
            steps.append(name)
        }
        return steps
    }

    func count(_ sql: SQL) async throws -> Int {
        guard let row = try await database.query(sql).first else { return 0 }
        return try row.decode(Int.self)
    }

    /// Returns when somebody waits for a lock in this database.
    func untilSomebodyWaits() async throws {
        let waiting: SQL = """
            SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE NOT granted AND datname = current_database()
            """
        while try await count(waiting) == 0 {}
    }

    /// Runs consumers as services while `body` does, then shuts them down gracefully.
    func running(_ consumers: Consumer..., body: @Sendable () async throws -> Void) async throws {
        let group = ServiceGroup(
            configuration: .init(services: consumers.map { .init(service: $0) }, logger: test.logger)
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            defer { tasks.cancelAll() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.next()
        }
    }
}

extension RetryPolicy {
    /// Retries come due when a test says so.
    static var patient: RetryPolicy {
        var policy = RetryPolicy()
        policy.initialBackoff = .seconds(3600)
        policy.maximumBackoff = .seconds(3600)
        return policy
    }
}

extension Consumer.Options {
    /// Polls often.
    static let quick = quick(lease: .seconds(60))

    static func quick(lease: Duration) -> Consumer.Options {
        var options = Consumer.Options()
        options.pollInterval = .milliseconds(20)
        options.leaseTime = lease
        return options
    }
}

/// What handlers tell a test, and a gate to hold them at.
final class Inbox<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let sink: AsyncStream<Value>.Continuation

    init() { (stream, sink) = AsyncStream.makeStream() }

    func put(_ value: Value) { sink.yield(value) }

    /// Waits for so many values.
    func next(_ count: Int = 1) async -> [Value] {
        var values: [Value] = []
        if count == 0 { return values }
        for await value in stream {
            values.append(value)
            if values.count == count { break }
        }
        return values
    }
}
