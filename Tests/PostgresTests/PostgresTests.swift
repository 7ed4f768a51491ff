import Foundation
import Logging
import Testing

@testable import Postgres

/// Where the tests' server is.
let serverURL = ProcessInfo.processInfo.environment["DATABASE_TEST_URL"] ?? "postgres:///postgres"

/// Lends a database, closed afterwards; `change` its configuration before.
func withDatabase<Result: Sendable>(
    url: String = serverURL,
    _ change: (inout Database.Configuration) -> Void = { _ in },
    _ body: (Database) async throws -> Result
) async throws -> Result {
    var configuration = Database.Configuration(url: url)
    configuration.maximumConnections = 4
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

extension Database {
    /// The only value of the only row.
    func value<Value: PostgresDecodable>(_ type: Value.Type = Value.self, _ sql: SQL) async throws -> Value {
        try #require(try await query(sql).first).decode(Value.self)
    }
}
