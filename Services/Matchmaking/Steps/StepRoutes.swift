import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Moves a cohort on by staff's decision. It is run and published by its rounds.
struct StepRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.put("cohorts/:cohort/state", use: move)
    }

    @Sendable
    func move(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: CohortID = try context.cohortID()
        let body = try await request.decodeJSON(Closed<NewState>.self, context: context).body
        let reason = try body.reason.map { try Reason.parse($0) }
        let now = Date()
        let tenant = principal.tenant
        let (record, counts) = try await database.transaction(tenant: tenant) { tx in
            let cohorts = CohortStore(tenant: tenant)
            var record = try await cohorts.find(id, .update, in: tx)
            try request.requireMatch(version: record.cohort.version)
            if record.cohort.state != body.state {
                let steps = CohortSteps(tenant: tenant, actor: Author(principal))
                switch body.state {
                case .open: try await steps.open(&record, at: now, in: tx)
                case .ranking: try await steps.openRanking(&record, at: now, in: tx)
                case .locked:
                    // What was run stays run.
                    guard record.cohort.state != .run else { throw Problem(CohortRefusal.wrongStep) }
                    try await steps.lock(&record, closesEarly: body.closesEarly ?? false, at: now, in: tx)
                case .closed: try await steps.close(&record, reason: reason, at: now, in: tx)
                case .draft, .run, .published:
                    throw Problem.invalid(.init("/state", "must be open, ranking, locked or closed"))
                }
            }
            return (record, try await cohorts.counts(of: [id], in: tx)[id] ?? .none)
        }
        return try .json(
            CohortBody(record, counts),
            headers: [.eTag: entityTag(version: record.cohort.version)]
        )
    }
}

struct NewState: ClosedBody {
    enum CodingKeys: String, CodingKey, CaseIterable { case state, closesEarly, reason }

    let state: CohortState
    let closesEarly: Bool?
    let reason: String?
}
