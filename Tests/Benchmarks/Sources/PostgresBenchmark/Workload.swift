import Postgres

/// The same work, written for both.
struct Workload: Sendable {
    let name: String
    /// For pgbench.
    let script: String
    let run: @Sendable (Database, Int) async throws -> Void

    private static let transactionScript = """
        \\set id random(1, 1000000)
        BEGIN;
        INSERT INTO benchmark_rows (id, name) VALUES (:id, 'Kaohsiung');
        INSERT INTO benchmark_rows (id, name) VALUES (:id, 'Manila');
        COMMIT;
        """

    static let all = [
        Workload(name: "select 1", script: "SELECT 1;") { database, _ in
            try await database.query("SELECT 1")
        },
        Workload(
            name: "insert",
            script: """
                \\set id random(1, 1000000)
                INSERT INTO benchmark_rows (id, name) VALUES (:id, 'Kaohsiung');
                """
        ) { database, number in
            try await database.execute("INSERT INTO benchmark_rows (id, name) VALUES (\(number), \("Kaohsiung"))")
        },
        Workload(
            name: "2 at once",
            script: """
                \\set id random(1, 1000000)
                \\startpipeline
                INSERT INTO benchmark_rows (id, name) VALUES (:id, 'Kaohsiung');
                INSERT INTO benchmark_rows (id, name) VALUES (:id, 'Manila');
                \\endpipeline
                """
        ) { database, number in
            try await database.transaction { tx in
                tx.enqueue("INSERT INTO benchmark_rows (id, name) VALUES (\(number), \("Kaohsiung"))")
                tx.enqueue("INSERT INTO benchmark_rows (id, name) VALUES (\(number), \("Manila"))")
            }
        },
        Workload(
            name: "BEGIN, 2, COMMIT",
            script: transactionScript
        ) { database, number in
            try await database.transaction { tx in
                try await tx.execute("INSERT INTO benchmark_rows (id, name) VALUES (\(number), \("Kaohsiung"))")
                try await tx.execute("INSERT INTO benchmark_rows (id, name) VALUES (\(number), \("Manila"))")
            }
        },
    ]
}
