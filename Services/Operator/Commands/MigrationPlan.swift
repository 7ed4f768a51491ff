import Logging
import Messaging
import Postgres
import ServiceKit

/// What `migrate` would do.
enum MigrationPlan {
    static func pending(url: String, logger: Logger) async throws -> [String] {
        let migrator = Migrator(url: url, logger: logger)
        var names = try await migrator.pending(schema: QueueMigrations.schema, QueueMigrations.all)
        for module in Installation.modules {
            names += try await migrator.pending(schema: module.name, module.migrations)
        }
        return names
    }
}
