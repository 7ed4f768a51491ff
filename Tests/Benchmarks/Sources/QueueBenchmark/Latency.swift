import ArgumentParser
import BenchmarkSupport
import Domain
import Messaging
import Postgres
import ServiceLifecycle
import Synchronization

struct Latency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "From just before a message is published until its handler starts, at a steady rate."
    )

    @Option(help: "Messages a second.") var rate = 50.0
    @Option(help: "Seconds.") var seconds = 10.0
    @Option(help: "Publishing tasks.") var clients = 4
    @Option(help: "Lanes worked on at once.") var workers = 4
    @Option(help: "Of the subscription, to begin anew.") var name = "latency"
    @Flag(help: "Run all on the event loop's thread.") var onLoop = false

    func run() async throws {
        let database = try QueueBenchmark.database(connections: workers + clients + 4)
        let count = Int(rate * seconds)
        let delays = Mutex<[UInt64]>([])
        // The first few wait for the consumer to begin.
        let ignored = Int(rate)
        let tally = Tally(expected: count + ignored)
        var router = MessageRouter(subscription: name, topic: Sample.topic)
        router.on(Sample.self) { sample, _, _ in
            let delay = monotonicNow() - sample.sentAt
            delays.withLock { $0.append(delay) }
            tally.add()
        }
        var options = Consumer.Options()
        options.concurrency = workers
        let consumer = Consumer(database: database, routers: [router], options: options, logger: QueueBenchmark.logger)
        let cpu = CPUTime.own
        let executor: (any TaskExecutor)? = onLoop ? Database.executor : nil
        try await withThrowingTaskGroup { group in
            group.addTask(executorPreference: executor) { try await database.run() }
            group.addTask(executorPreference: executor) { try await consumer.run() }
            let start = ContinuousClock.now + .seconds(2)
            for client in 0..<clients {
                group.addTask(executorPreference: executor) {
                    for number in stride(from: client, to: count + ignored, by: clients) {
                        let due = start + .seconds(Double(number) / rate)
                        if due > .now { try await Task.sleep(until: due, clock: .continuous) }
                        try await database.transaction(tenant: Sample.tenant) { try $0.publish(Sample(number)) }
                    }
                }
            }
            await tally.reached()
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
        let sorted = delays.withLock { $0.dropFirst(ignored) }.map { Double($0) / 1e6 }.sorted()
        var measurement = Measurement(count: sorted.count, seconds: seconds, cpuSeconds: CPUTime.own - cpu)
        measurement.p50 = sorted[sorted.count / 2]
        measurement.p99 = sorted[sorted.count * 99 / 100]
        try tell(measurement)
    }
}
