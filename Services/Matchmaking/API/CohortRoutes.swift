import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Makes and reads cohorts.
struct CohortRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts", use: list)
        api.post("cohorts", use: create)
        api.get("cohorts/:cohort", use: read)
    }

    @Sendable
    func create(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let body = try await request.decodeJSON(NewCohort.self, context: context)
        let made = Date()
        try check(body, at: made)
        let record = CohortRecord(
            cohort: Cohort(
                id: CohortID(),
                slug: body.slug,
                title: body.title,
                rankingDeadline: body.rankingDeadline,
                maximumChoices: body.maximumChoices,
                answers: AnswerRules(days: body.answerDays ?? 14, refill: body.refill ?? .approved)
            ),
            seed: .draw(),
            createdAt: made
        )
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            try await CohortStore(tenant: principal.tenant).insert(record, in: tx)
            AuditStore(tenant: principal.tenant).add(AuditEntry(created: record, by: Author(principal)), in: tx)
            return try answer(record, .none, status: .created)
        }
    }

    private func check(_ body: NewCohort, at now: Date) throws {
        var faults: [Problem.FieldError] = []
        if let fault = body.title.lineFault(at: "/title") { faults.append(fault) }
        if !(1...50).contains(body.maximumChoices) { faults.append(.init("/maximumChoices", "must be from 1 to 50")) }
        if let days = body.answerDays, !(1...366).contains(days) {
            faults.append(.init("/answerDays", "must be from 1 to 366"))
        }
        let latest = now.addingTimeInterval(30 * 366 * 86400)
        if body.rankingDeadline <= now || body.rankingDeadline > latest {
            faults.append(.init("/rankingDeadline", "must be in the future, at most thirty years from now"))
        }
        try Problem.check(faults)
    }

    @Sendable
    func read(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: CohortID = try context.cohortID()
        let (record, counts) = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            let store = CohortStore(tenant: principal.tenant)
            let record = try await store.find(id, in: tx)
            return (record, try await store.counts(of: [id], in: tx)[id])
        }
        return try answer(record, counts ?? .none, status: .ok)
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let cohorts = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            let store = CohortStore(tenant: principal.tenant)
            let records = try await store.list(after: after, limit: page.limit + 1, in: tx)
            let counts = try await store.counts(of: records.map(\.cohort.id), in: tx)
            return records.map { CohortBody($0, counts[$0.cohort.id] ?? .none) }
        }
        return try PageResponse(cohorts, request: page) { $0.id.description }.response(for: request)
    }

    private func answer(
        _ record: CohortRecord,
        _ counts: CohortCounts,
        status: HTTPResponse.Status
    ) throws -> Response {
        var headers: HTTPFields = [.eTag: entityTag(version: record.cohort.version)]
        if status == .created { headers[.location] = "/matchmaking/api/cohorts/\(record.cohort.id)" }
        return try .json(CohortBody(record, counts), status: status, headers: headers)
    }
}
