import Foundation
import Logging
import TestKit
import Testing

@testable import Postgres

/// Where the tests' server is.
let serverURL = (try? TestDatabase.serverURL()) ?? "postgres:///postgres"

/// Lends a database, closed afterwards; `change` its configuration before. Without that only what hangs exceeds a limit.
@discardableResult
func withDatabase<Result: Sendable>(
    url: String = serverURL,
    _ change: (inout Database.Configuration) -> Void = { _ in },
    _ body: (Database) async throws -> Result
) async throws -> Result {
    var configuration = Database.Configuration(url: url)
    configuration.maximumConnections = 4
    configuration.acquireTimeout = .seconds(300)
    configuration.statementDeadline = .seconds(300)
    change(&configuration)
    let database = Database(configuration: configuration, logger: Logger(label: "tests"))
    do {
        let result = try await body(database)
        await database.close()
        return result
    } catch {
        await database.close()
        throw error
    }
}

/// Lends the name of a schema that is dropped afterwards, for what several connections must see.
func withSchema<Result: Sendable>(
    in database: Database,
    _ body: (String) async throws -> Result
) async throws -> Result {
    let schema = "test_" + UUID().uuidString.lowercased()
    try await database.query("CREATE SCHEMA \(identifier: schema)")
    do {
        let result = try await body(schema)
        try await database.query("DROP SCHEMA \(identifier: schema) CASCADE")
        return result
    } catch {
        try await database.query("DROP SCHEMA \(identifier: schema) CASCADE")
        throw error
    }
}

extension Database {
    /// The only value of the only row.
    func value<Value: PostgresDecodable>(_ type: Value.Type = Value.self, _ sql: SQL) async throws -> Value {
        try #require(try await query(sql).first).decode(Value.self)
    }
}

extension Transaction {
    borrowing func value<Value: PostgresDecodable>(_ type: Value.Type = Value.self, _ sql: SQL) async throws -> Value {
        try #require(try await query(sql).first).decode(Value.self)
    }
}

/// Lets other tasks run until `condition` holds.
func eventually(_ condition: () async throws -> Bool) async throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(300)
    while try await !condition() {
        try #require(clock.now < end, "it never came to pass")
        await Task.yield()
    }
}

/// Holds those who wait until it is opened.
struct Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func open() {
        continuation.finish()
    }

    func wait() async {
        for await _ in stream {}
    }
}
