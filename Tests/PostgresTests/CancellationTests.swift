import Testing

@testable import Postgres

@Suite(.serialized) struct CancellationTests {
    private func withOneConnection(_ body: (Database) async throws -> Void) async throws {
        try await withDatabase({ $0.maximumConnections = 1 }, body)
    }

    private func pid(_ database: Database) async throws -> Int {
        try await database.value(Int.self, "SELECT pg_backend_pid()")
    }

    /// Whether this connection's process sleeps in a statement.
    private func isSleeping(_ pid: Int) async throws -> Bool {
        try await withDatabase { database in
            try await database.value(
                Bool.self,
                """
                SELECT EXISTS (SELECT FROM pg_stat_activity
                               WHERE pid = \(Int32(pid)) AND state = 'active' AND query LIKE '%pg_sleep(60)%')
                """
            )
        }
    }

    @Test func aStatementThatMissesItsDeadlineIsCancelled() async throws {
        try await withOneConnection { database in
            let before = try await pid(database)
            let error = await #expect(throws: PostgresError.self) {
                try await database.query("SELECT pg_sleep(60)", deadline: .milliseconds(50))
            }
            #expect(error?.code == .deadlineExceeded)
            // The connection is as good as new.
            try await #expect(pid(database) == before)
        }
    }

    @Test func theDeadlineOfTheConfigurationHolds() async throws {
        try await withDatabase({ $0.statementDeadline = .milliseconds(50) }) { database in
            for _ in 0..<3 {
                let error = await #expect(throws: PostgresError.self) {
                    try await database.query("SELECT pg_sleep(60)")
                }
                #expect(error?.code == .deadlineExceeded)
            }
        }
    }

    @Test func aShortDeadlineAfterALongOneHolds() async throws {
        try await withOneConnection { database in
            try await database.query("SELECT 1", deadline: .seconds(3600))
            let error = await #expect(throws: PostgresError.self) {
                try await database.query("SELECT pg_sleep(60)", deadline: .milliseconds(50))
            }
            #expect(error?.code == .deadlineExceeded)
            // And a long one after a short one.
            let slept = try await database.value(Int.self, "SELECT 1 FROM pg_sleep(0.2)")
            #expect(slept == 1)
        }
    }

    @Test func cancellingTheTaskCancelsTheStatement() async throws {
        try await withOneConnection { database in
            let before = try await pid(database)
            try await withThrowingTaskGroup { group in
                group.addTask { try await database.query("SELECT pg_sleep(60)") }
                try await eventually { try await isSleeping(before) }
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            try await #expect(!isSleeping(before))
            try await #expect(pid(database) == before)
        }
    }

    @Test func aTransactionWhoseTaskIsCancelledIsRolledBack() async throws {
        try await withOneConnection { database in
            let pid = try await pid(database)
            try await withSchema(in: database) { schema in
                try await database.query("CREATE TABLE \(identifier: schema).t (n int)")
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        try await database.transaction { tx in
                            try await tx.execute("INSERT INTO \(identifier: schema).t VALUES (1)")
                            try await tx.query("SELECT pg_sleep(60)")
                        }
                    }
                    try await eventually { try await isSleeping(pid) }
                    group.cancelAll()
                    await #expect(throws: CancellationError.self) { try await group.next() }
                }
                try await #expect(database.value(Int.self, "SELECT count(*) FROM \(identifier: schema).t") == 0)
            }
            #expect(database.pool.counts.places == 1)
        }
    }

    @Test func inACancelledTaskNothingIsSent() async throws {
        try await withOneConnection { database in
            await withThrowingTaskGroup { group in
                group.addTask {
                    try await database.transaction { tx in
                        try await tx.query("SELECT 1")
                        withUnsafeCurrentTask { $0?.cancel() }
                        try await tx.query("SELECT 2")
                    }
                }
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            try await #expect(database.value(Int.self, "SELECT 3") == 3)
        }
    }

    /// What has returned is committed, even if the task is cancelled meanwhile.
    @Test func aCommitIsNotCancelled() async throws {
        try await withOneConnection { database in
            try await withSchema(in: database) { schema in
                try await database.query("CREATE TABLE \(identifier: schema).t (n int)")
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        try await database.transaction { tx in
                            try await tx.execute("INSERT INTO \(identifier: schema).t VALUES (1)")
                            withUnsafeCurrentTask { $0?.cancel() }
                        }
                    }
                    try await group.waitForAll()
                }
                try await #expect(database.value(Int.self, "SELECT count(*) FROM \(identifier: schema).t") == 1)
            }
        }
    }

    /// Whenever it comes: before the statement is sent, while it is, or after.
    @Test(.timeLimit(.minutes(10)), arguments: [false, true])
    func aCancellationIsNeverMissed(isOnTheLoop: Bool) async throws {
        try await withOneConnection { database in
            let before = try await pid(database)
            for round in 0..<200 {
                await withThrowingTaskGroup { group in
                    group.addTask(executorPreference: isOnTheLoop ? Database.executor : nil) {
                        try await database.query("SELECT pg_sleep(60)")
                    }
                    for _ in 0..<round { await Task.yield() }
                    group.cancelAll()
                    await #expect(throws: CancellationError.self) { try await group.next() }
                }
            }
            try await #expect(pid(database) == before)
        }
    }

    /// Many cancellations never hit the statement that comes after the one they are meant for.
    @Test func aCancellationNeverHitsTheNextStatement() async throws {
        try await withOneConnection { database in
            for round in 0..<100 {
                _ = try? await database.query("SELECT pg_sleep(60)", deadline: .microseconds(round * 20))
                try await #expect(database.value(Int.self, "SELECT \(round)") == round)
            }
        }
    }
}
