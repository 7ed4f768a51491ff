import Testing

@testable import Postgres

@Suite(.serialized) struct PreparedStatementTests {
    private let count: SQL = "SELECT count(*) FROM pg_prepared_statements"

    private func withOneConnection(_ body: (Database) async throws -> Void) async throws {
        try await withDatabase({ $0.maximumConnections = 1 }, body)
    }

    @Test func aStatementIsPreparedOnce() async throws {
        try await withOneConnection { database in
            for number in 1...5 { try await database.query("SELECT \(number)") }
            let count = try await database.value(Int.self, count)
            #expect(count == 2)
        }
    }

    @Test func noneIsPreparedBehindAPooler() async throws {
        try await withDatabase({
            $0.preparesStatements = false
            $0.maximumConnections = 1
        }) { database in
            try await database.transaction { tx in
                tx.enqueue("SELECT \(1)")
                let count = try await tx.value(Int.self, count)
                #expect(count == 0)
            }
        }
    }

    @Test func theServerKeepsNoMoreThanTheCacheHolds() async throws {
        try await withOneConnection { database in
            for number in 0..<300 { try await database.query("SELECT 1 AS \(identifier: "c\(number)")") }
            let count = try await database.value(Int.self, count)
            // The one that was evicted for this last statement goes before the next.
            #expect(count == 257)
        }
    }

    @Test func statementsThatTheServerDroppedArePreparedAgain() async throws {
        try await withOneConnection { database in
            let sql: SQL = "SELECT \(1)"
            try await database.query(sql)
            try await database.query("DEALLOCATE ALL")
            let again = try await database.value(Int.self, sql)
            #expect(again == 1)
            try await database.query("DEALLOCATE ALL")
            let inTransaction = try await database.transaction { tx in
                tx.enqueue("SELECT 2")
                return try await tx.value(Int.self, sql)
            }
            #expect(inTransaction == 1)
        }
    }

    @Test func aPlanThatWouldGiveOtherColumnsIsMadeAgain() async throws {
        try await withOneConnection { database in
            try await withSchema(in: database) { schema in
                try await database.query("CREATE TABLE \(identifier: schema).t (a int)")
                try await database.query("INSERT INTO \(identifier: schema).t VALUES (1)")
                let all: SQL = "SELECT * FROM \(identifier: schema).t"
                try await database.query(all)
                try await database.query("ALTER TABLE \(identifier: schema).t ADD COLUMN b int DEFAULT 2")
                let two = try await database.query(all).first?.decode(Int.self, Int.self)
                try #expect(#require(two) == (1, 2))
                try await database.query("ALTER TABLE \(identifier: schema).t ADD COLUMN c int DEFAULT 3")
                let three = try await database.transaction { tx in
                    tx.enqueue("INSERT INTO \(identifier: schema).t VALUES (5)")
                    return try await tx.query(all).count
                }
                #expect(three == 2)
                let rows = try await database.value(Int.self, "SELECT count(*) FROM \(identifier: schema).t")
                #expect(rows == 2)
            }
        }
    }

    /// What the body has seen can't be taken back: the failure is thrown, and the next transaction succeeds.
    @Test func inTheMidstOfATransactionAStalePlanIsThrown() async throws {
        try await withOneConnection { database in
            let sql: SQL = "SELECT \(1)"
            try await database.query(sql)
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    try await tx.query("DEALLOCATE ALL")
                    try await tx.query(sql)
                }
            }
            #expect(error?.sqlState == "26000")
            let again = try await database.transaction { tx in
                try await tx.query("SELECT 3")
                return try await tx.value(Int.self, sql)
            }
            #expect(again == 1)
        }
    }
}
