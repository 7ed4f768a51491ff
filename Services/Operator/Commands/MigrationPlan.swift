import Logging
import Messaging
import Postgres
import ServiceKit

/// What `migrate` would do.
enum MigrationPlan {
    static func pending(url: String, logger: Logger) async throws -> [String] {
        let migrator = Migrator(url: url, logger: logger)
        let shared = [
            (AccessMigrations.schema, AccessMigrations.all), (QueueMigrations.schema, QueueMigrations.all),
        ]
        var names: [String] = []
        for (schema, migrations) in shared + Installation.modules.map({ ($0.name, $0.migrations) }) {
            names += try await migrator.pending(schema: schema, migrations).map { "\(schema): \($0)" }
        }
        return names
    }
}
