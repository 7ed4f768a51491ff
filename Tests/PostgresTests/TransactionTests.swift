import Testing

@testable import Postgres

@Suite(.serialized) struct TransactionTests {
    private struct Refusal: Error {}

    /// Lends a database, and a schema with a table `t (n int UNIQUE)`.
    private func withTable(_ body: (Database, String) async throws -> Void) async throws {
        try await withDatabase { database in
            try await withSchema(in: database) { schema in
                try await database.query(
                    "CREATE TABLE \(identifier: schema).t (n int UNIQUE DEFERRABLE INITIALLY IMMEDIATE)"
                )
                try await body(database, schema)
            }
        }
    }

    private func numbers(_ database: Database, _ schema: String) async throws -> [Int] {
        try await database.query("SELECT n FROM \(identifier: schema).t ORDER BY n").map { try $0.decode(Int.self) }
    }

    @Test func whatReturnsIsCommittedAndWhatThrowsIsNot() async throws {
        try await withTable { database, schema in
            let touched = try await database.transaction { tx in
                try await tx.execute("INSERT INTO \(identifier: schema).t VALUES (1), (2)")
            }
            #expect(touched == 2)
            await #expect(throws: Refusal.self) {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO \(identifier: schema).t VALUES (3)")
                    throw Refusal()
                }
            }
            try await #expect(numbers(database, schema) == [1, 2])
            #expect(database.pool.counts.places == 1)
        }
    }

    @Test func nothingIsSentForATransactionThatDoesNothing() async throws {
        try await withDatabase { database in
            let nothing = try await database.transaction { tx in tx.session.lastReply == nil }
            #expect(nothing)
        }
    }

    @Test func enqueuedStatementsGoWithTheNextOneOrTheCommit() async throws {
        try await withTable { database, schema in
            try await database.transaction { tx in
                tx.enqueue("INSERT INTO \(identifier: schema).t VALUES (\(1))")
                tx.enqueue("INSERT INTO \(identifier: schema).t VALUES (\(2))")
                let count = try await tx.value(Int.self, "SELECT count(*) FROM \(identifier: schema).t")
                #expect(count == 2)
                // BEGIN, both and the SELECT were one pipeline.
                #expect(tx.session.lastReply?.outputs.map(\.tag) == ["BEGIN", "INSERT 0 1", "INSERT 0 1", "SELECT 1"])
                tx.enqueue("INSERT INTO \(identifier: schema).t VALUES (\(3))")
            }
            try await #expect(numbers(database, schema) == [1, 2, 3])
        }
    }

    @Test func aTransactionOfWhichNothingWasAwaitedGoesWithoutBegin() async throws {
        try await withTable { database, schema in
            var assigning = TransactionOptions(settings: ["tradewind.tenant": "x"])
            assigning.assignsID = true
            for options in [TransactionOptions(), assigning] {
                let session = try await database.transaction(options) { tx in
                    tx.enqueue("INSERT INTO \(identifier: schema).t SELECT count(*) FROM \(identifier: schema).t")
                    tx.enqueue("INSERT INTO \(identifier: schema).t SELECT count(*) FROM \(identifier: schema).t")
                    return tx.session
                }
                let tags = session.lastReply?.outputs.map(\.tag)
                #expect(tags == options.settings.map { _ in "SELECT 1" } + ["INSERT 0 1", "INSERT 0 1"])
            }
            try await #expect(numbers(database, schema) == [0, 1, 2, 3])
            // What only BEGIN can say is not left out.
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction(TransactionOptions(isReadOnly: true)) { tx in
                    tx.enqueue("INSERT INTO \(identifier: schema).t VALUES (9)")
                }
            }
            #expect(error?.sqlState == "25006")
        }
    }

    @Test func theIDIsAssignedBeforeTheFirstStatement() async throws {
        try await withDatabase { database in
            for assigns in [false, true] {
                var options = TransactionOptions()
                options.assignsID = assigns
                let isAssigned = try await database.transaction(options) { tx in
                    try await tx.value(Bool.self, "SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
                }
                #expect(isAssigned == assigns)
            }
        }
    }

    /// Whether the transaction goes as a whole or had begun before.
    @Test(arguments: [false, true]) func aStatementTravelsBehindTheCommit(_ sentBefore: Bool) async throws {
        try await withTable { database, schema in
            let look: SQL = """
                SELECT n, coalesce(current_setting('tradewind.tenant', true), '') = ''
                FROM \(identifier: schema).t ORDER BY n
                """
            func insert(_ number: Int, then next: SQL?) async throws -> (Int, [Row]?) {
                let options = TransactionOptions(settings: ["tradewind.tenant": "x"])
                return try await database.transaction(options, thenQuery: { _ in next }) { tx in
                    if sentBefore { try await tx.query("SELECT 1") }
                    tx.enqueue("INSERT INTO \(identifier: schema).t VALUES (\(number))")
                    return number
                }
            }
            let (result, rows) = try await insert(1, then: look)
            #expect(result == 1)
            // It sees what was committed, and nothing of the transaction's settings.
            #expect(try rows?.map { try $0.decode(Int32.self, Bool.self) }.map { "\($0)" } == ["(1, true)"])
            #expect(try await insert(2, then: nil).1 == nil)
            // Its failure undoes nothing, and a failed transaction has nothing behind it.
            #expect(try await insert(3, then: "SELECT 1/0").1 == nil)
            let error = await #expect(throws: PostgresError.self) { _ = try await insert(3, then: look) }
            #expect(error?.sqlState == "23505")
            try await #expect(numbers(database, schema) == [1, 2, 3])
            #expect(database.pool.counts.places == 1)
        }
    }

    @Test func theFailureOfAnEnqueuedStatementIsThrownByTheNext() async throws {
        try await withTable { database, schema in
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    tx.enqueue("INSERT INTO \(identifier: schema).t VALUES (1), (1)")
                    try await tx.query("SELECT 1")
                    Issue.record("the next statement succeeded")
                }
            }
            #expect(error?.sqlState == "23505")
            try await #expect(numbers(database, schema) == [])
        }
    }

    @Test func theFailureOfAnEnqueuedStatementIsThrownByTheCommit() async throws {
        try await withTable { database, schema in
            for sentBefore in [false, true] {
                let error = await #expect(throws: PostgresError.self) {
                    try await database.transaction { tx in
                        if sentBefore { try await tx.execute("INSERT INTO \(identifier: schema).t VALUES (7)") }
                        tx.enqueue("INSERT INTO \(identifier: schema).t VALUES (1), (1)")
                    }
                }
                #expect(error?.sqlState == "23505")
                try await #expect(numbers(database, schema) == [])
            }
            #expect(database.pool.counts.idle == 1)
        }
    }

    @Test func aConstraintThatIsCheckedAtCommitIsTheServersError() async throws {
        try await withTable { database, schema in
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    tx.enqueue("SET CONSTRAINTS ALL DEFERRED")
                    try await tx.execute("INSERT INTO \(identifier: schema).t VALUES (1), (1)")
                }
            }
            #expect(error?.sqlState == "23505")
        }
    }

    /// There is no COMMIT then that could fail: the SYNC does.
    @Test func soItIsWhereTheTransactionGoesAsAWhole() async throws {
        try await withTable { database, schema in
            try await database.query(
                "CREATE TABLE \(identifier: schema).late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"
            )
            let error = await #expect(throws: PostgresError.self) {
                _ = try await database.transaction(thenQuery: { "SELECT 1" }) { tx in
                    tx.enqueue("INSERT INTO \(identifier: schema).late VALUES (1), (1)")
                }
            }
            #expect(error?.sqlState == "23505")
            try await #expect(database.value(Int.self, "SELECT count(*) FROM \(identifier: schema).late") == 0)
            #expect(database.pool.counts.places == 1)
        }
    }

    /// The server answers COMMIT of a failed transaction with ROLLBACK: nobody may take it for a commit.
    @Test func aCaughtFailurePoisonsTheTransaction() async throws {
        try await withTable { database, schema in
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO \(identifier: schema).t VALUES (1)")
                    _ = try? await tx.query("SELECT 1/0")
                }
            }
            #expect(error?.sqlState == "22012")
            try await #expect(numbers(database, schema) == [])
        }
    }

    @Test func aCommitThatRollsBackIsAnError() async throws {
        try await withTable { database, schema in
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO \(identifier: schema).t VALUES (1)")
                    try await tx.query("ROLLBACK AND CHAIN")
                    _ = await tx.session.connection.run(["SELECT 1/0"], timeout: nil)
                }
            }
            #expect(error?.sqlState == "25P02")
        }
    }

    @Test func aSettingIsSentOnceAndAgainAfterASavepoint() async throws {
        let current: SQL = "SELECT current_setting('tradewind.tenant')"
        let (values, counts) = try await withDatabase { database in
            try await database.transaction { tx in
                var values: [String] = []
                var counts: [Int?] = []
                for value in ["a", "a", "b"] {
                    tx.setLocal("tradewind.tenant", to: value)
                    values.append(try await tx.value(String.self, current))
                    counts.append(tx.session.lastReply?.outputs.count)
                }
                do {
                    try await tx.savepoint { tx in
                        tx.setLocal("tradewind.tenant", to: "c")
                        try await tx.query("SELECT 1 / 0")
                    }
                } catch {
                    // Its end has undone it.
                    values.append(try await tx.value(String.self, current))
                }
                tx.setLocal("tradewind.tenant", to: "c")
                values.append(try await tx.value(String.self, current))
                return (values, counts)
            }
        }
        #expect(values == ["a", "a", "b", "b", "c"])
        // BEGIN, the setting and the query; then only the query; then both.
        #expect(counts == [3, 1, 2])
    }

    @Test func settingsHoldForTheTransactionOnly() async throws {
        try await withDatabase({ $0.maximumConnections = 1 }) { database in
            let options = TransactionOptions(settings: ["tradewind.tenant": "k'aohsiung", "tradewind.other": "1"])
            let inside = try await database.transaction(options) { tx in
                #expect(tx.settings == options.settings)
                return try await tx.value(String.self, "SELECT current_setting('tradewind.tenant')")
            }
            #expect(inside == "k'aohsiung")
            let outside = try await database.value(
                String?.self,
                "SELECT nullif(current_setting('tradewind.tenant', true), '')"
            )
            #expect(outside == nil)
        }
    }

    @Test func isolationAndReadOnly() async throws {
        try await withDatabase { database in
            for (isolation, name) in [
                (TransactionOptions.Isolation.readCommitted, "read committed"),
                (.repeatableRead, "repeatable read"), (.serializable, "serializable"),
            ] {
                for isReadOnly in [false, true] {
                    var options = TransactionOptions(isReadOnly: isReadOnly)
                    options.isolation = isolation
                    let (level, readOnly) = try await database.transaction(options) { tx in
                        let rows = try await tx.query(
                            "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
                        )
                        return try #require(rows.first).decode(String.self, String.self)
                    }
                    #expect((level, readOnly) == (name, isReadOnly ? "on" : "off"))
                }
            }
        }
    }

    @Test func aTransactionLeftOpenIsRolledBackBeforePooling() async throws {
        try await withDatabase({ $0.maximumConnections = 1 }) { database in
            try await database.query("BEGIN")
            let transaction = try await database.value(Bool.self, "SELECT pg_current_xact_id_if_assigned() IS NULL")
            #expect(transaction)
            try await database.executeScript("BEGIN; CREATE TEMP TABLE gone (n int)")
            let gone = try await database.value(Bool.self, "SELECT to_regclass('gone') IS NULL")
            #expect(gone)
            #expect(database.pool.counts.idle == 1)
        }
    }

    @Test func copyInsideAPipelineIsRefusedAndTheConnectionReplaced() async throws {
        try await withDatabase({ $0.maximumConnections = 1 }) { database in
            await #expect(throws: PostgresError.self) { try await database.query("COPY (SELECT 1) TO STDOUT") }
            let next = try await database.value(Int.self, "SELECT 1")
            #expect(next == 1)
        }
    }
}
