import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Reads the record of a cohort. Staff only.
struct AuditRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/audit", use: list)
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let cohort: CohortID = try context.cohortID()
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let entries = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            return try await AuditStore(tenant: principal.tenant)
                .list(of: cohort, after: after, limit: page.limit + 1, in: tx)
        }
        return try PageResponse(entries, request: page) { $0.id.description }.response(for: request)
    }
}
