import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Moves a cohort on, or its deadline, by staff's decision. It is run and published by its rounds.
struct StepRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.put("cohorts/:cohort/state", use: move)
        api.put("cohorts/:cohort/ranking-deadline", use: moveDeadline)
    }

    @Sendable
    func move(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: CohortID = try context.cohortID()
        let body = try await request.decodeJSON(Closed<NewState>.self, context: context).body
        let reason = try body.reason.map { try Reason.parse($0) }
        return try await change(id, request, principal) { record, steps, now, tx in
            if record.cohort.state != body.state {
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
        }
    }

    @Sendable
    func moveDeadline(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: CohortID = try context.cohortID()
        let body = try await request.decodeJSON(Closed<NewDeadline>.self, context: context).body
        let reason = try Reason.parse(body.reason)
        try Problem.check([Deadline.fault(body.deadline, at: Date(), pointer: "/deadline")].compactMap(\.self))
        return try await change(id, request, principal) { record, steps, now, tx in
            try await steps.moveDeadline(&record, to: body.deadline, reason: reason, at: now, in: tx)
        }
    }

    /// Changes the cohort as the request's sender saw it; tells it as it is then.
    private func change(
        _ id: CohortID,
        _ request: Request,
        _ principal: Principal,
        _ change: @Sendable (inout CohortRecord, CohortSteps, Date, borrowing Transaction) async throws -> Void
    ) async throws -> Response {
        let (record, counts) = try await database.transaction(tenant: principal.tenant) { tx in
            let cohorts = CohortStore(tenant: principal.tenant)
            var record = try await cohorts.find(id, .update, in: tx)
            try request.requireMatch(version: record.cohort.version)
            let steps = CohortSteps(tenant: principal.tenant, actor: Author(principal))
            try await change(&record, steps, Date(), tx)
            return (record, try await cohorts.counts(of: [id], in: tx)[id] ?? .none)
        }
        return try .json(
            CohortBody(record, counts),
            headers: [.eTag: entityTag(version: record.cohort.version)]
        )
    }
}

struct NewDeadline: ClosedBody {
    enum CodingKeys: String, CodingKey, CaseIterable { case deadline, reason }

    let deadline: Date
    let reason: String
}

struct NewState: ClosedBody {
    enum CodingKeys: String, CodingKey, CaseIterable { case state, closesEarly, reason }

    let state: CohortState
    let closesEarly: Bool?
    let reason: String?
}
