import ArgumentParser
import BenchmarkSupport
import Foundation
import Logging
import Postgres

/// Runs the same statements through Postgres and through pgbench, on the same server with as many connections, and
/// compares the rates.
@main
struct PostgresBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postgres-benchmark",
        abstract: "Compare Postgres with pgbench on the server of DATABASE_URL."
    )

    @Option(help: "How many connections.") var connections = 16
    @Option(help: "Seconds for each measurement.") var seconds = 5
    @Option(help: "How often each pair is measured; the medians are compared.") var rounds = 3
    @Option(help: "Threads of pgbench.") var jobs = 1
    @Option(help: "Only workloads whose name contains this.") var only = ""
    @Flag(help: "Leave pgbench out, to profile.") var withoutPgbench = false

    func run() async throws {
        guard let url = ProcessInfo.processInfo.environment["DATABASE_URL"] else {
            throw ValidationError("DATABASE_URL is not set")
        }
        var configuration = Database.Configuration(url: url)
        configuration.maximumConnections = connections
        let database = Database(configuration: configuration, logger: Logger(label: "benchmark"))
        try await database.query("DROP TABLE IF EXISTS benchmark_rows")
        try await database.query("CREATE TABLE benchmark_rows (id bigint, name text)")
        print(row("workload", "per second", "of pgbench", "CPU µs each"))
        for workload in Workload.all where only.isEmpty || workload.name.contains(only) {
            var ordinary: [Sample] = []
            var onLoop: [Sample] = []
            var theirs: [Sample] = []
            for _ in 0..<rounds {
                ordinary.append(try await measure(workload, database, executor: nil))
                onLoop.append(try await measure(workload, database, executor: Database.executor))
                if withoutPgbench { continue }
                let count = Int((ordinary.last?.rate ?? 0) * Double(seconds))
                theirs.append(try await measurePgbench(workload, database, count: count))
            }
            for (name, samples) in [("pgbench", theirs), ("ours", ordinary), ("ours on the loop", onLoop)] {
                let ratios = zip(samples, theirs).map { $0.rate / $1.rate }
                print(
                    row(
                        "\(workload.name): \(name)",
                        format(median(samples.map(\.rate))),
                        format(median(ratios), digits: 2),
                        format(median(samples.map(\.cpu)), digits: 1)
                    )
                )
            }
        }
        try await database.query("DROP TABLE benchmark_rows")
        await database.close()
    }

    private struct Sample {
        let rate: Double
        /// Microseconds of the client for each.
        let cpu: Double
    }

    private func measurePgbench(_ workload: Workload, _ database: Database, count: Int) async throws -> Sample {
        try await database.query("TRUNCATE benchmark_rows")
        let before = CPUTime.ofChildren
        let pgbench = Pgbench(url: database.configuration.url, connections: connections, jobs: jobs)
        let rate = try await pgbench.run(workload, rounds: count)
        return Sample(rate: rate, cpu: (CPUTime.ofChildren - before) / Double(count) * 1e6)
    }

    /// Rounds of `workload` each second, by one task for each connection.
    private func measure(
        _ workload: Workload,
        _ database: Database,
        executor: (any TaskExecutor)?
    ) async throws -> Sample {
        try await database.query("TRUNCATE benchmark_rows")
        let cpu = CPUTime.own
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<connections {
                group.addTask(executorPreference: executor) {
                    var count = 0
                    while clock.now < end {
                        try await workload.run(database, count)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        let rate = Double(count) / ((clock.now - start) / .seconds(1))
        return Sample(rate: rate, cpu: (CPUTime.own - cpu) / Double(count) * 1e6)
    }

    private func median(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }

    private func format(_ value: Double, digits: Int = 0) -> String {
        value.formatted(.number.precision(.fractionLength(digits)).grouping(.never))
    }

    private func row(_ name: String, _ columns: String...) -> String {
        name.padding(toLength: 36, withPad: " ", startingAt: 0)
            + columns.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
    }
}
