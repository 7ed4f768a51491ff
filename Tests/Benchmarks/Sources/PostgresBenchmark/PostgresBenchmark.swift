import ArgumentParser
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
        print(row("workload", "Postgres/s", "pgbench/s", "ratio"))
        for workload in Workload.all where only.isEmpty || workload.name.contains(only) {
            var ours: [Double] = []
            var theirs: [Double] = []
            for _ in 0..<rounds {
                try await database.query("TRUNCATE benchmark_rows")
                ours.append(try await measure(workload, database))
                if withoutPgbench { continue }
                try await database.query("TRUNCATE benchmark_rows")
                theirs.append(
                    try await Pgbench(url: url, connections: connections, jobs: jobs)
                        .run(workload, rounds: Int((ours.last ?? 0) * Double(seconds)))
                )
            }
            let (our, their) = (median(ours), median(theirs))
            print(row(workload.name, format(our), format(their), their > 0 ? format(our / their, digits: 2) : "–"))
        }
        try await database.query("DROP TABLE benchmark_rows")
        await database.close()
    }

    /// Rounds of `workload` each second, by one task for each connection.
    private func measure(_ workload: Workload, _ database: Database) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<connections {
                group.addTask {
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
        return Double(count) / ((clock.now - start) / .seconds(1))
    }

    private func median(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }

    private func format(_ value: Double, digits: Int = 0) -> String {
        value.formatted(.number.precision(.fractionLength(digits)).grouping(.never))
    }

    private func row(_ name: String, _ columns: String...) -> String {
        name.padding(toLength: 20, withPad: " ", startingAt: 0)
            + columns.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
    }
}
