import ArgumentParser
import BenchmarkSupport
import Foundation
import Logging
import Messaging
import Postgres

/// The queue through the Swift API, one measurement for each call, told as one line of JSON. `queue` in this package
/// runs it beside its references.
@main
struct QueueBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue-benchmark",
        abstract: "Measure the queue on the server of DATABASE_URL.",
        subcommands: [Prepare.self, Publish.self, Consume.self, Latency.self, Cycles.self]
    )

    static let logger: Logger = {
        var logger = Logger(label: "queue-benchmark")
        logger.logLevel = .error
        return logger
    }()

    static func database(connections: Int) throws -> Database {
        guard let url = ProcessInfo.processInfo.environment["DATABASE_URL"] else {
            throw ValidationError("DATABASE_URL is not set")
        }
        var configuration = Database.Configuration(url: url)
        configuration.maximumConnections = connections
        return Database(configuration: configuration, logger: logger)
    }
}

/// What a call tells.
struct Measurement: Encodable {
    var count = 0
    var seconds = 0.0
    /// Of this process.
    var cpuSeconds = 0.0
    /// Milliseconds.
    var p50: Double?
    var p99: Double?

}

/// Prints a line of JSON at once.
func tell(_ line: some Encodable) throws {
    try FileHandle.standardOutput.write(contentsOf: JSONEncoder().encode(line) + Data("\n".utf8))
}

/// Nanoseconds that only go up.
func monotonicNow() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

struct Prepare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make the queue's schema and a topic.")

    @Option(help: "Lanes of the topic.") var lanes = 8

    func run() async throws {
        let database = try QueueBenchmark.database(connections: 1)
        try await Migrator(url: database.configuration.url, logger: QueueBenchmark.logger)
            .migrate(schema: QueueMigrations.schema, QueueMigrations.all)
        try await database.query("SELECT queue.create_topic(\(Sample.topic.rawValue), \(Int32(lanes)))")
        await database.close()
    }
}
