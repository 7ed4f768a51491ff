import Foundation
import Messaging
import Postgres
import TestKit
import Testing

/// Through PgBouncer in transaction mode: no session of one's own, so leases and polling.
@Suite(.enabled(if: PgBouncer.program != nil, "pgbouncer is not installed")) struct PoolerTests {
    @Test(.timeLimit(.minutes(10))) func replicasShareTheLanesAndTakeOverByLease() async throws {
        try await Bench.run { bench in
            try await PgBouncer.lend(for: bench.test.url) { url in
                try await throughPooler(url, bench) { first in
                    try await throughPooler(url, bench) { second in
                        try await bench.publish(contentsOf: (1...200).map { Counted(key: "k\($0 % 20)", number: $0) })
                        // The second vanishes with its lanes; the first has to wait for its lease.
                        try await withThrowingTaskGroup(of: Void.self) { group in
                            group.addTask { try? await consumer(on: second, bench).run() }
                            while try await bench.state()?.owners.isEmpty != false {}
                            group.cancelAll()
                        }
                        try await bench.running(consumer(on: first, bench)) {
                            while try await bench.state()?.handled != 200 {}
                            try await first.transaction(tenant: tenant) { tx in
                                try tx.publish(contentsOf: (201...300).map { Counted(key: "k\($0 % 20)", number: $0) })
                            }
                            while try await bench.state()?.handled != 300 {}
                        }
                    }
                }
                let effects = try await bench.effects()
                #expect(Set(effects.map(\.number)) == Set(1...300))
                #expect(effects.count == 300)
                for (_, effects) in Dictionary(grouping: effects, by: \.key) {
                    #expect(effects.map(\.number) == effects.map(\.number).sorted())
                }
                #expect(try await bench.count("SELECT count(*) FROM queue.workers WHERE lock IS NOT NULL") == 0)
                // Nothing of a session was left on a connection that others use.
                let left: SQL = """
                    SELECT count(*) FROM pg_locks
                    WHERE locktype = 'advisory' AND classid = 1953984876
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """
                #expect(try await bench.count(left) == 0)
            }
        }
    }

    private func throughPooler(
        _ url: String,
        _ bench: Bench,
        _ body: @Sendable (Database) async throws -> Void
    ) async throws {
        try await bench.test.withPool(
            role: "tradewind_queue",
            configure: {
                $0.url = url
                $0.preparesStatements = false
            },
            body
        )
    }

    private func consumer(on database: Database, _ bench: Bench) -> Consumer {
        bench.consumer(bench.router(), database: database, options: .quick(lease: .seconds(1)))
    }
}

/// A PgBouncer of the test's own, in transaction mode, in front of one database.
enum PgBouncer {
    static let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Lends its URL.
    static func lend(for url: String, _ body: (String) async throws -> Void) async throws {
        guard let program, let target = URLComponents(string: url) else { return }
        let folder = "/tmp/pgbouncer-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o777]
        )
        let user = target.user ?? "postgres"
        // A socket's folder is a parameter of the URL.
        func parameter(_ name: String) -> String? { target.queryItems?.first { $0.name == name }?.value }
        let host = parameter("host") ?? target.host.flatMap { $0.isEmpty ? nil : $0 } ?? "/var/run/postgresql"
        let port = parameter("port") ?? target.port.map(String.init) ?? "5432"
        let server = [
            "host=\(host)", "port=\(port)",
            "dbname=\(target.path.dropFirst())", "user=\(user)", target.password.map { "password=\($0)" } ?? "",
        ]
        let settings = """
            [databases]
            queue = \(server.joined(separator: " "))
            [pgbouncer]
            listen_addr =
            unix_socket_dir = \(folder)
            pool_mode = transaction
            default_pool_size = 4
            auth_type = any
            """
        let file = "\(folder)/pgbouncer.ini"
        try settings.write(toFile: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: geteuid() == 0 ? "/usr/sbin/runuser" : program)
        process.arguments = (geteuid() == 0 ? ["-u", "postgres", "--", program] : []) + ["-q", file]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
            try? FileManager.default.removeItem(atPath: folder)
        }
        while !FileManager.default.fileExists(atPath: "\(folder)/.s.PGSQL.6432") {
            guard process.isRunning else { throw CocoaError(.executableLoad) }
            await Task.yield()
        }
        try await body("host=\(folder) port=6432 dbname=queue user=\(user)")
    }
}
