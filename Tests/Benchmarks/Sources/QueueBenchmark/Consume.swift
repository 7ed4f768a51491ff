import ArgumentParser
import BenchmarkSupport
import Domain
import Messaging
import Postgres
import ServiceLifecycle
import Synchronization

struct Consume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Handle what was published, by each of so many subscriptions, and acknowledge it."
    )

    @Option(help: "Messages in a transaction.") var batch = 100
    @Option(help: "Lanes worked on at once.") var workers = 4
    @Option(help: "Subscriptions; all must see every message.") var subscriptions = 1
    @Option(help: "Messages for each subscription.") var count = 10_000
    @Option(help: "Of the subscriptions' names, to begin anew.") var name = "benchmark"
    @Flag(help: "Run the consumer on the event loop's thread.") var onLoop = false

    func run() async throws {
        let database = try QueueBenchmark.database(connections: workers * subscriptions + 4)
        let tally = Tally(expected: count * subscriptions)
        let routers = (0..<subscriptions).map { number in
            var router = MessageRouter(subscription: "\(name).\(number)", topic: Sample.topic)
            router.on(Sample.self) { _, _, _ in tally.add() }
            return router
        }
        var options = Consumer.Options()
        options.batchSize = batch
        options.concurrency = workers * subscriptions
        let consumer = Consumer(database: database, routers: routers, options: options, logger: QueueBenchmark.logger)
        let cpu = CPUTime.own
        try await withThrowingTaskGroup { group in
            group.addTask(executorPreference: onLoop ? Database.executor : nil) { try await database.run() }
            group.addTask(executorPreference: onLoop ? Database.executor : nil) { try await consumer.run() }
            await tally.reached()
            group.cancelAll()
            while let result = await group.nextResult() { if case .failure(let error) = result { try ignore(error) } }
        }
        var measurement = Measurement(count: count)
        measurement.seconds = tally.seconds
        measurement.cpuSeconds = CPUTime.own - cpu
        try tell(measurement)
    }

    private func ignore(_ error: any Error) throws {
        if !(error is CancellationError) { throw error }
    }
}

/// Counts what was handled, and remembers when the first and the last of them came.
final class Tally: Sendable {
    private struct State {
        var count = 0
        var first: UInt64 = 0
        var last: UInt64 = 0
    }

    private let expected: Int
    private let state = Mutex(State())
    private let stream: AsyncStream<Void>
    private let done: AsyncStream<Void>.Continuation

    init(expected: Int) {
        self.expected = expected
        (stream, done) = AsyncStream.makeStream()
    }

    func add() {
        let isLast = state.withLock { state in
            if state.count == 0 { state.first = monotonicNow() }
            state.count += 1
            if state.count == expected { state.last = monotonicNow() }
            return state.count == expected
        }
        if isLast { done.finish() }
    }

    func reached() async {
        for await _ in stream {}
    }

    var seconds: Double { state.withLock { Double($0.last - $0.first) / 1e9 } }
}
