import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Shows who still has to act, and reminds them. Staff only.
struct ReminderRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/outstanding", use: list)
        api.post("cohorts/:cohort/reminders", use: remind)
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: CohortID = try context.cohortID()
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let entries = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            let cohort = try await CohortStore(tenant: principal.tenant).find(id, in: tx).cohort
            return try await OutstandingStore(tenant: principal.tenant, cohort: id)
                .list(of: cohort.state, under: cohort.rules, after: after, limit: page.limit + 1, in: tx)
        }
        return try PageResponse(entries.map(OutstandingBody.init), request: page) { $0.id.description }.response(
            for: request
        )
    }

    @Sendable
    func remind(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: CohortID = try context.cohortID()
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            let count = try await ReminderDesk(tenant: principal.tenant, actor: Author(principal))
                .remind(id, at: Date(), in: tx)
            return try .json(count)
        }
    }
}
