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

    /// The template's database, made by the first test of the process that asks.
    func prepare(on server: TestServer) async throws -> String {
        try await Templates.shared.database(of: self, on: server)
    }

    fileprivate func make(on server: TestServer) async throws -> String {
        let database = server.namePrefix + name
        try await server.sweep()
        try await server.admin.execute("CREATE DATABASE \(identifier: database)")
        try await migrate(server.url(of: database), server.logger)
        return database
    }
}

/// The templates that this process has made or is making.
private actor Templates {
    static let shared = Templates()
    /// Tasks of their own, since the test that asked first may be cancelled while others wait.
    private var databases: [String: Task<String, any Error>] = [:]

    func database(of template: DatabaseTemplate, on server: TestServer) async throws -> String {
        if let making = databases[template.name] { return try await making.value }
        let making = Task { try await template.make(on: server) }
        databases[template.name] = making
        return try await making.value
    }
}
