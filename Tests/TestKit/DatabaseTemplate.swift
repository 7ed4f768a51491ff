import Foundation
public import Logging
import Messaging
import Postgres
public import ServiceKit

/// A schema that tests start from: migrated once in each test process, cloned for each test.
public struct DatabaseTemplate: Sendable {
    /// Also part of the database's name: small letters, digits and `_`.
    public let name: String
    public let migrate: @Sendable (_ url: String, _ logger: Logger) async throws -> Void

    public init(name: String, migrate: @escaping @Sendable (_ url: String, _ logger: Logger) async throws -> Void) {
        self.name = name
        self.migrate = migrate
    }

    /// Nothing in it.
    public static let empty = DatabaseTemplate(name: "empty") { _, _ in }

    /// The schema `queue`.
    public static let queue = DatabaseTemplate(name: "queue") { url, logger in
        try await Migrator(url: url, logger: logger).migrate(schema: QueueMigrations.schema, QueueMigrations.all)
    }

    /// Everything that the services need, as `migrate` of the services makes it.
    public static func services(_ modules: any ServiceModule.Type...) -> DatabaseTemplate {
        services(modules)
    }

    public static func services(_ modules: [any ServiceModule.Type]) -> DatabaseTemplate {
        DatabaseTemplate(name: modules.map { $0.name }.joined(separator: "_")) { url, logger in
            try await ServiceHost.migrate(modules: modules, url: url, logger: logger)
        }
    }

    /// The template's database, made by the first who asks. Others wait for it on an advisory lock.
    func prepare(on server: TestServer) async throws -> String {
        let database = server.namePrefix + name
        let isMade = { try await server.databases(like: database).contains(database) }
        if try await isMade() { return database }
        try await server.admin.transaction { tx in
            try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(database), 0))")
            if try await isMade() { return }
            try await server.sweep()
            let unfinished = database + "_unfinished"
            try await server.drop(unfinished)
            try await server.admin.execute("CREATE DATABASE \(identifier: unfinished)")
            try await migrate(server.url(of: unfinished), server.logger)
            try await server.admin.execute(
                "ALTER DATABASE \(identifier: unfinished) RENAME TO \(identifier: database)"
            )
        }
        return database
    }
}
