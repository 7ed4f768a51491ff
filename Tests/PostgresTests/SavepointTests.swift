import Testing

@testable import Postgres

@Suite(.serialized) struct SavepointTests {
    private struct Refusal: Error {}

    /// Runs a transaction on a temporary table and returns the numbers that are in it at the end.
    private func numbers(after body: (borrowing Transaction) async throws -> Void) async throws -> [Int] {
        try await withDatabase { database in
            try await database.transaction { tx in
                tx.enqueue("CREATE TEMP TABLE t (n int UNIQUE) ON COMMIT DROP")
                try await body(tx)
                return try await tx.query("SELECT n FROM t ORDER BY n").map { try $0.decode(Int.self) }
            }
        }
    }

    @Test func whatReturnsIsKept() async throws {
        let kept = try await numbers { tx in
            let count = try await tx.savepoint { tx in try await tx.execute("INSERT INTO t VALUES (1), (2)") }
            #expect(count == 2)
            try await tx.savepoint { tx in tx.enqueue("INSERT INTO t VALUES (3)") }
        }
        #expect(kept == [1, 2, 3])
    }

    @Test func whatThrowsIsUndoneAndTheTransactionLivesOn() async throws {
        let kept = try await numbers { tx in
            try await tx.execute("INSERT INTO t VALUES (1)")
            await #expect(throws: PostgresError.self) {
                try await tx.savepoint { tx in
                    try await tx.execute("INSERT INTO t VALUES (2)")
                    try await tx.execute("INSERT INTO t VALUES (1)")
                }
            }
            try await tx.execute("INSERT INTO t VALUES (3)")
        }
        #expect(kept == [1, 3])
    }

    @Test func theFailureOfWhatWasEnqueuedIsTheSavepoints() async throws {
        let kept = try await numbers { tx in
            let error = await #expect(throws: PostgresError.self) {
                try await tx.savepoint { tx in tx.enqueue("INSERT INTO t VALUES (2), (2)") }
            }
            #expect(error?.sqlState == "23505")
            tx.enqueue("INSERT INTO t VALUES (4)")
        }
        #expect(kept == [4])
    }

    @Test func whatWasEnqueuedBeforeStays() async throws {
        let kept = try await numbers { tx in
            tx.enqueue("INSERT INTO t VALUES (1)")
            await #expect(throws: Refusal.self) {
                try await tx.savepoint { tx in
                    tx.enqueue("INSERT INTO t VALUES (2)")
                    throw Refusal()
                }
            }
        }
        #expect(kept == [1])
    }

    @Test func aCaughtFailureUndoesTheSavepoint() async throws {
        let kept = try await numbers { tx in
            await #expect(throws: PostgresError.self) {
                try await tx.savepoint { tx in
                    try await tx.execute("INSERT INTO t VALUES (1)")
                    _ = try? await tx.query("SELECT 1/0")
                }
            }
            try await tx.execute("INSERT INTO t VALUES (2)")
        }
        #expect(kept == [2])
    }

    @Test func oneWithinAnother() async throws {
        let kept = try await numbers { tx in
            try await tx.savepoint { tx in
                try await tx.execute("INSERT INTO t VALUES (1)")
                await #expect(throws: Refusal.self) {
                    try await tx.savepoint { tx in
                        try await tx.execute("INSERT INTO t VALUES (2)")
                        throw Refusal()
                    }
                }
                _ = try await tx.savepoint { tx in try await tx.execute("INSERT INTO t VALUES (3)") }
            }
        }
        #expect(kept == [1, 3])
    }

    @Test func aFailureBeforeTheSavepointCannotBeUndoneByIt() async throws {
        let error = await #expect(throws: PostgresError.self) {
            _ = try await numbers { tx in
                tx.enqueue("SELECT 1/0")
                _ = try? await tx.savepoint { tx in try await tx.execute("INSERT INTO t VALUES (1)") }
            }
        }
        #expect(error?.sqlState == "25P02" || error?.sqlState == "22012")
    }

    @Test func aCancelledStatementIsUndone() async throws {
        try await withDatabase { database in
            // For the other statements too, which a busy machine must have answered by then.
            var options = TransactionOptions()
            options.deadline = .seconds(5)
            try await database.transaction(options) { tx in
                let error = await #expect(throws: PostgresError.self) {
                    try await tx.savepoint { tx in try await tx.query("SELECT pg_sleep(60)") }
                }
                #expect(error?.code == .deadlineExceeded)
                let alive = try await tx.value(Int.self, "SELECT 1")
                #expect(alive == 1)
            }
        }
    }
}
