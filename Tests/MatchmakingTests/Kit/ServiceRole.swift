import Domain
import Messaging
import Postgres
import TestKit

/// The database as the service sees it: as its role, bound by row-level security.
enum ServiceRole {
    static func withPool(
        _ office: Office,
        _ body: @escaping @Sendable (Database, TenantID) async throws -> Void
    ) async throws {
        let configuration = Database.Configuration(url: office.service.url, role: "tradewind_matchmaking")
        let database = Database(configuration: configuration, logger: TestDatabase.quietLogger)
        let tenant = office.service.tenant.id
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await database.run() }
            defer { group.cancelAll() }
            try await body(database, tenant)
        }
    }
}
