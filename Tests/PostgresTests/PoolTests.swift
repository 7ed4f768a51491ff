import Testing

@testable import Postgres

@Suite(.serialized) struct PoolTests {
    @Test func thousandsOfStatementsShareFewConnections() async throws {
        try await withDatabase { database in
            let pids = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for number in 0..<3000 {
                    group.addTask {
                        let rows = try await database.query("SELECT \(number), pg_backend_pid()")
                        let (echo, pid) = try #require(rows.first).decode(Int.self, Int.self)
                        #expect(echo == number)
                        return (echo, pid)
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1.1) }
            }
            #expect((1...4).contains(pids.count))
            // One may have been opened when the others had done all the work.
            #expect((pids.count...4).contains(database.pool.counts.places))
            #expect(database.pool.counts.waiting == 0)
        }
    }

    @Test func whoComesFirstIsServedFirst() async throws {
        try await withDatabase({ $0.maximumConnections = 1 }) { database in
            let gate = Gate()
            let (served, order) = AsyncStream<Int>.makeStream()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    try await database.transaction { tx in
                        try await tx.query("SELECT 1")
                        await gate.wait()
                    }
                }
                try await eventually { database.pool.counts.places == 1 }
                for number in 0..<20 {
                    group.addTask {
                        try await database.transaction { tx in
                            order.yield(number)
                            try await tx.query("SELECT 1")
                        }
                    }
                    try await eventually { database.pool.counts.waiting == number + 1 }
                }
                gate.open()
                try await group.waitForAll()
            }
            order.finish()
            let numbers = await served.reduce(into: []) { $0.append($1) }
            #expect(numbers == Array(0..<20))
        }
    }

    @Test func whoWaitsTooLongIsTold() async throws {
        try await withDatabase({
            $0.maximumConnections = 1
            $0.acquireTimeout = .milliseconds(30)
        }) { database in
            try await database.transaction { tx in
                try await tx.query("SELECT 1")
                for _ in 0..<2 {
                    await withTaskGroup { group in
                        for _ in 0..<3 {
                            group.addTask {
                                let error = await #expect(throws: PostgresError.self) {
                                    try await database.query("SELECT 2")
                                }
                                #expect(error?.code == .poolTimeout)
                            }
                        }
                    }
                }
            }
            try await #expect(database.value(Int.self, "SELECT 3") == 3)
        }
    }

    @Test func whoIsCancelledWaitsNoLonger() async throws {
        try await withDatabase({ $0.maximumConnections = 1 }) { database in
            try await database.transaction { tx in
                try await tx.query("SELECT 1")
                await withTaskGroup { group in
                    for _ in 0..<3 {
                        group.addTask {
                            await #expect(throws: CancellationError.self) { try await database.query("SELECT 2") }
                        }
                    }
                    try? await eventually { database.pool.counts.waiting == 3 }
                    group.cancelAll()
                }
                #expect(database.pool.counts.waiting == 0)
            }
            try await #expect(database.value(Int.self, "SELECT 3") == 3)
        }
    }

    @Test func aConnectionThatTheServerClosedIsReplaced() async throws {
        try await withDatabase({ $0.maximumConnections = 1 }) { database in
            let pid = try await database.value(Int.self, "SELECT pg_backend_pid()")
            try await terminate(pid)
            try await eventually { database.pool.counts.places == 0 }
            try await #expect(database.value(Int.self, "SELECT pg_backend_pid()") != pid)
        }
    }

    @Test func aConnectionThatIsLostInMidStatementIsReplaced() async throws {
        try await withDatabase({ $0.maximumConnections = 1 }) { database in
            let error = await #expect(throws: PostgresError.self) {
                try await database.query("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(60)")
            }
            #expect(error?.sqlState == "57P01" || error?.code == .connectionLost)
            try await #expect(database.value(Int.self, "SELECT 1") == 1)
        }
    }

    @Test func aTransactionWhoseConnectionIsLostFails() async throws {
        try await withDatabase({ $0.maximumConnections = 1 }) { database in
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    let pid = try await tx.value(Int.self, "SELECT pg_backend_pid()")
                    try await terminate(pid)
                    let connection = tx.session.connection
                    try await eventually { !connection.isOpen }
                }
            }
            // Nothing was sent any more, so it is known that nothing was committed.
            #expect(error?.code == .connectionLost)
            try await #expect(database.value(Int.self, "SELECT 1") == 1)
        }
    }

    @Test func aFailedStartGivesItsPlaceToTheNext() async throws {
        try await withDatabase(url: "postgres://127.0.0.1:1/nowhere", { $0.maximumConnections = 1 }) { database in
            await withTaskGroup { group in
                for _ in 0..<10 {
                    group.addTask {
                        let error = await #expect(throws: PostgresError.self) { try await database.query("SELECT 1") }
                        #expect(error?.code == .connectionFailed)
                    }
                }
            }
            #expect(database.pool.counts.places == 0)
        }
    }

    @Test func aMalformedURLIsAFailureThatDoesNotQuoteIt() async throws {
        try await withDatabase(url: "postgres://someone:secret@[half") { database in
            let error = await #expect(throws: PostgresError.self) { try await database.query("SELECT 1") }
            #expect(error?.code == .connectionFailed)
            #expect(error.map { String(reflecting: $0).contains("secret") } == false)
        }
    }

    @Test func idleConnectionsAreLookedAt() async throws {
        try await withDatabase { database in
            try await database.query("SELECT 1")
            await database.checkIdleConnections(longerThan: .zero)
            #expect(database.pool.counts.idle == 1)
            let connection = try await database.pool.acquire()
            await connection.close()
            database.pool.release(connection)
            await database.checkIdleConnections(longerThan: .zero)
            #expect(database.pool.counts.places == 0)
        }
    }

    @Test func closingWaitsForWhatIsInFlight() async throws {
        try await withDatabase { database in
            let gate = Gate()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    try await database.transaction { tx in
                        try await tx.query("SELECT 1")
                        await gate.wait()
                        try await tx.query("SELECT 2")
                    }
                }
                try await eventually { database.pool.counts.places == 1 }
                group.addTask { await database.close() }
                try await eventually {
                    do {
                        try await database.query("SELECT 3")
                        return false
                    } catch let error as PostgresError {
                        return error.code == .shutDown
                    }
                }
                gate.open()
                try await group.waitForAll()
            }
            #expect(database.pool.counts.places == 0)
        }
    }

    private func terminate(_ pid: Int) async throws {
        try await withDatabase { database in
            try await #expect(database.value(Bool.self, "SELECT pg_terminate_backend(\(Int32(pid)))"))
        }
    }
}
