public import Logging
import Messaging
import Postgres

extension ServiceHost {
    /// Creates or updates the schemas `access` and `queue`, the roles, and the services' own schemas.
    /// Tells the names of what was applied. May run in several processes at once.
    @discardableResult
    public static func migrate(
        modules: [any ServiceModule.Type],
        url: String,
        logger: Logger
    ) async throws -> [String] {
        var configuration = Database.Configuration(url: url)
        configuration.maximumConnections = 1
        configuration.applicationName = "tradewind migrate"
        let database = Database(configuration: configuration, logger: logger)
        do {
            let applied = try await migrate(modules: modules, url: url, database: database, logger: logger)
            await database.close()
            return applied
        } catch {
            await database.close()
            throw error
        }
    }

    private static func migrate(
        modules: [any ServiceModule.Type],
        url: String,
        database: Database,
        logger: Logger
    ) async throws -> [String] {
        let rights = Rights(database: database)
        try await rights.createRoles(modules.map { $0.role })
        let migrator = Migrator(url: url, logger: logger)
        var applied = try await migrator.migrate(schema: AccessMigrations.schema, AccessMigrations.all)
            .map { "access: \($0)" }
        applied += try await migrator.migrate(schema: QueueMigrations.schema, QueueMigrations.all)
            .map { "queue: \($0)" }
        for module in modules {
            applied += try await migrator.migrate(schema: module.name, module.migrations)
                .map { "\(module.name): \($0)" }
            try await rights.prepare(schema: module.name, role: module.role)
        }
        return applied
    }
}
