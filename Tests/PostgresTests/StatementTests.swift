import Foundation
import Testing

@testable import Postgres

@Suite(.serialized) struct StatementTests {
    @Test func oneStatement() async throws {
        try await withDatabase { database in
            let rows = try await database.query("SELECT \(41) + 1, \("Kaohsiung"), \(nil as String?)")
            let (number, text, nothing) = try #require(rows.first).decode(Int.self, String.self, String?.self)
            #expect(number == 42)
            #expect(text == "Kaohsiung")
            #expect(nothing == nil)
        }
    }

    @Test func countsTheRowsThatItTouched() async throws {
        try await withDatabase { database in
            try await database.transaction { tx in
                tx.enqueue("CREATE TEMP TABLE things (number int) ON COMMIT DROP")
                let inserted = try await tx.execute("INSERT INTO things SELECT generate_series(1, \(10))")
                let updated = try await tx.execute("UPDATE things SET number = 0 WHERE number > \(7)")
                let all = try await tx.query("SELECT 1 FROM things").count
                #expect((inserted, updated, all) == (10, 3, 10))
            }
        }
    }

    @Test func aRefusedStatementTellsItsStateAndConstraint() async throws {
        try await withDatabase { database in
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    tx.enqueue("CREATE TEMP TABLE people (name text CONSTRAINT one_of_each UNIQUE) ON COMMIT DROP")
                    tx.enqueue("INSERT INTO people VALUES (\("Mei-ling"))")
                    try await tx.execute("INSERT INTO people VALUES (\("Mei-ling"))")
                }
            }
            #expect(error?.sqlState == "23505")
            #expect(error?.constraint == "one_of_each")
            #expect(error.map { "\($0)".contains("Mei-ling") } == false)
            #expect(error.map { String(reflecting: $0).contains("Mei-ling") } == true)
            let next = try await database.value(Int.self, "SELECT 1::int4")
            #expect(next == 1)
        }
    }
}
