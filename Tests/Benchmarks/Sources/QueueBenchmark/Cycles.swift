import ArgumentParser
import BenchmarkSupport
import Domain
import Messaging
import Postgres
import Synchronization

struct Cycles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Publish and handle so many messages over and over; one line for each cycle, with its messages a second."
    )

    @Option(help: "Messages in a cycle.") var count = 20_000
    @Option(help: "Messages in a transaction.") var batch = 100
    @Option(help: "Publishing tasks, and lanes worked on at once.") var workers = 4
    @Option(help: "Seconds.") var seconds = 60.0

    struct Line: Encodable {
        let second: Double
        let rate: Double
    }

    func run() async throws {
        let database = try QueueBenchmark.database(connections: 2 * workers + 4)
        let (handled, sink) = AsyncStream<Void>.makeStream()
        let count = count
        let total = Mutex(0)
        var router = MessageRouter(subscription: "cycles", topic: Sample.topic)
        router.on(Sample.self) { _, _, _ in
            let isWhole = total.withLock { total in
                total += 1
                return total % count == 0
            }
            if isWhole { sink.yield() }
        }
        var options = Consumer.Options()
        options.batchSize = batch
        options.concurrency = workers
        options.maintenanceInterval = .seconds(5)
        let consumer = Consumer(database: database, routers: [router], options: options, logger: QueueBenchmark.logger)
        try await withThrowingTaskGroup { group in
            group.addTask { try await database.run() }
            group.addTask { try await consumer.run() }
            let start = monotonicNow()
            var cycles = handled.makeAsyncIterator()
            while Double(monotonicNow() - start) / 1e9 < seconds {
                let begin = monotonicNow()
                try await publish(database)
                await cycles.next()
                let end = monotonicNow()
                try tell(Line(second: Double(end - start) / 1e9, rate: Double(count) / (Double(end - begin) / 1e9)))
            }
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }

    private func publish(_ database: Database) async throws {
        try await withThrowingTaskGroup { group in
            for client in 0..<workers {
                group.addTask {
                    for first in stride(from: client * batch, to: count, by: workers * batch) {
                        try await database.transaction(tenant: Sample.tenant) { tx in
                            try tx.publish(contentsOf: (first..<min(first + batch, count)).map(Sample.init))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
