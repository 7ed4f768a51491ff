import Foundation
import Testing

@testable import Postgres

@Suite(.serialized) struct CopyTests {
    private func withTable(_ body: (Database, String) async throws -> Void) async throws {
        try await withDatabase({ $0.maximumConnections = 1 }) { database in
            try await withSchema(in: database) { schema in
                try await database.query(
                    "CREATE TABLE \(identifier: schema).\(identifier: "my people") (id uuid, name text, age bigint)"
                )
                try await body(database, schema)
            }
        }
    }

    @Test func rowsAreCopied() async throws {
        try await withTable { database, schema in
            let id = UUID()
            let copied = try await database.transaction { tx in
                let rows = (0..<50_000).lazy.map { number in
                    [SQL.Bind(id), SQL.Bind(number % 2 == 0 ? "Ngọc \(number)" : nil), SQL.Bind(number)]
                }
                let copied = try await tx.copy(
                    into: "my people",
                    schema: schema,
                    columns: ["id", "name", "age"],
                    rows: rows
                )
                // Pipeline mode is back.
                tx.enqueue("DELETE FROM \(identifier: schema).\(identifier: "my people") WHERE age = \(7)")
                return copied
            }
            #expect(copied == 50_000)
            let rows = try await database.query(
                "SELECT count(*), count(name), sum(age)::bigint FROM \(identifier: schema).\(identifier: "my people")"
            )
            let (all, named, sum) = try #require(rows.first).decode(Int.self, Int.self, Int.self)
            #expect((all, named, sum) == (49_999, 25_000, 49_999 * 25_000 - 7))
        }
    }

    @Test func noRowsAreNoFailure() async throws {
        try await withTable { database, schema in
            let copied = try await database.transaction { tx in
                try await tx.copy(into: "my people", schema: schema, columns: ["age"], rows: [])
            }
            #expect(copied == 0)
        }
    }

    @Test func aRefusedRowFailsTheTransactionAndNotTheConnection() async throws {
        try await withTable { database, schema in
            let pid = try await database.value(Int.self, "SELECT pg_backend_pid()")
            let refused = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    _ = try await tx.copy(into: "my people", schema: schema, columns: ["age"], rows: [[SQL.Bind("x")]])
                }
            }
            #expect(refused?.sqlState == "08P01")
            let unknown = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    _ = try await tx.copy(into: "nobody", schema: schema, columns: ["age"], rows: [[SQL.Bind(1)]])
                }
            }
            #expect(unknown?.sqlState == "42P01")
            try await #expect(database.value(Int.self, "SELECT pg_backend_pid()") == pid)
        }
    }

    @Test func aCancelledCopyCopiesNothing() async throws {
        try await withTable { database, schema in
            await withThrowingTaskGroup { group in
                group.addTask {
                    try await database.transaction { tx in
                        let rows = (0..<1_000_000).lazy.map { number in
                            if number == 100_000 { withUnsafeCurrentTask { $0?.cancel() } }
                            return [SQL.Bind(number)]
                        }
                        _ = try await tx.copy(into: "my people", schema: schema, columns: ["age"], rows: rows)
                    }
                }
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            let count = try await database.value(
                Int.self,
                "SELECT count(*) FROM \(identifier: schema).\(identifier: "my people")"
            )
            #expect(count == 0)
        }
    }

    @Test func aSavepointUndoesACopy() async throws {
        try await withTable { database, schema in
            try await database.transaction { tx in
                await #expect(throws: PostgresError.self) {
                    try await tx.savepoint { tx in
                        _ = try await tx.copy(
                            into: "my people",
                            schema: schema,
                            columns: ["age"],
                            rows: [[SQL.Bind(1)]]
                        )
                        _ = try await tx.copy(into: "my people", schema: schema, columns: ["age"], rows: [[]])
                    }
                }
                _ = try await tx.copy(into: "my people", schema: schema, columns: ["age"], rows: [[SQL.Bind(2)]])
            }
            let ages = try await database.query("SELECT age FROM \(identifier: schema).\(identifier: "my people")")
            let values = try ages.map { try $0.decode(Int.self) }
            #expect(values == [2])
        }
    }
}
