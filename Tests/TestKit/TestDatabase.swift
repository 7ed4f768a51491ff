import Foundation
public import Logging
public import Postgres

/// A database of a test's own, dropped when the test ends.
public struct TestDatabase: Sendable {
    /// For the role that owns everything: row-level security does not bind it.
    public let url: String
    /// Running, as the role that was asked for.
    public let database: Database
    public let logger: Logger

    /// Clones `template` and lends it to `body`, with a pool whose connections take on `role`.
    public static func withDatabase<Result: Sendable>(
        _ template: DatabaseTemplate = .queue,
        role: String? = nil,
        configure: @Sendable (inout Database.Configuration) -> Void = { _ in },
        _ body: @Sendable (TestDatabase) async throws -> Result
    ) async throws -> Result {
        try await places.occupied {
            try await withOwnDatabase(template, role: role, configure: configure, body)
        }
    }

    /// So many tests have a database at a time; more would only wait for each other.
    private static let places = Places(8)

    private static func withOwnDatabase<Result: Sendable>(
        _ template: DatabaseTemplate,
        role: String?,
        configure: @Sendable (inout Database.Configuration) -> Void,
        _ body: @Sendable (TestDatabase) async throws -> Result
    ) async throws -> Result {
        let server = try TestServer.shared()
        let source = try await template.prepare(on: server)
        let name = server.namePrefix + UUID().uuidString.prefix(8).lowercased()
        try await server.admin.execute("CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: source)")
        let configuration = configuration(server.url(of: name), role, configure)
        let database = Database(configuration: configuration, logger: server.logger)
        let test = TestDatabase(url: server.url(of: name), database: database, logger: server.logger)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await running(database) { try await body(test) })
        } catch {
            outcome = .failure(error)
        }
        try await server.drop(name)
        return try outcome.get()
    }

    /// Another pool on the same database, running while `body` does: for a second process's part, or another role.
    public func withPool<Result: Sendable>(
        role: String? = nil,
        configure: @Sendable (inout Database.Configuration) -> Void = { _ in },
        _ body: @Sendable (Database) async throws -> Result
    ) async throws -> Result {
        let database = Database(configuration: Self.configuration(url, role, configure), logger: logger)
        return try await Self.running(database) { try await body(database) }
    }

    /// No test is about a machine that is slow: only what hangs exceeds a limit.
    private static func configuration(
        _ url: String,
        _ role: String?,
        _ configure: (inout Database.Configuration) -> Void
    ) -> Database.Configuration {
        var configuration = Database.Configuration(url: url, role: role)
        configuration.acquireTimeout = .seconds(300)
        configuration.statementDeadline = .seconds(300)
        configure(&configuration)
        return configuration
    }

    private static func running<Result: Sendable>(
        _ database: Database,
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await database.run() } catch is CancellationError {}
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Errors only, so that a test's output stays readable; `LOG_LEVEL=debug` tells more.
    public static var quietLogger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel =
            ProcessInfo.processInfo.environment["LOG_LEVEL"].flatMap(Logger.Level.init(rawValue:)) ?? .error
        return logger
    }
}
