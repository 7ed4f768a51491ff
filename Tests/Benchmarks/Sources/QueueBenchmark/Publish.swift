import ArgumentParser
import BenchmarkSupport
import Domain
import Messaging
import Postgres

struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Publish from several tasks, so many in a transaction.")

    @Option(help: "Messages in a transaction.") var batch = 1
    @Option(help: "Tasks.") var clients = 4
    @Option(help: "Messages in all.") var count = 10_000
    @Flag(help: "Run the tasks on the event loop's thread.") var onLoop = false

    func run() async throws {
        let database = try QueueBenchmark.database(connections: clients)
        try await warm(database)
        var measurement = Measurement(count: count / batch / clients * batch * clients)
        let (start, cpu) = (monotonicNow(), CPUTime.own)
        try await withThrowingTaskGroup { group in
            // Rings the doorbell after commits.
            group.addTask { try await database.run() }
            try await publish(database)
            measurement.seconds = Double(monotonicNow() - start) / 1e9
            measurement.cpuSeconds = CPUTime.own - cpu
            group.cancelAll()
            try await group.waitForAll()
        }
        try tell(measurement)
    }

    private func publish(_ database: Database) async throws {
        try await withThrowingTaskGroup { group in
            for client in 0..<clients {
                group.addTask(executorPreference: onLoop ? Database.executor : nil) {
                    for round in 0..<count / batch / clients {
                        let first = (round * clients + client) * batch
                        try await database.transaction(tenant: Sample.tenant) { tx in
                            try tx.publish(contentsOf: (first..<first + batch).map(Sample.init))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Opens all connections.
    private func warm(_ database: Database) async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<clients { group.addTask { try await database.query("SELECT pg_sleep(0.05)") } }
            try await group.waitForAll()
        }
    }
}
