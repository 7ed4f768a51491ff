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
        let record = CohortRecord(
            cohort: Cohort(
                id: CohortID(),
                slug: body.slug,
                title: body.title,
                rankingDeadline: body.rankingDeadline,
                rules: try rules(body, at: made)
            ),
            seed: .draw(),
            createdAt: made
        )
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            try await CohortStore(tenant: principal.tenant).insert(record, by: Author(principal), in: tx)
            AuditStore(tenant: principal.tenant).add(AuditEntry(created: record, by: Author(principal)), in: tx)
            return try answer(record, .none, status: .created)
        }
    }

    /// The rules that a new cohort begins with.
    private func rules(_ body: NewCohort, at now: Date) throws -> CohortRules {
        var faults: [Problem.FieldError] = []
        if let fault = body.title.lineFault(at: "/title") { faults.append(fault) }
        if let maximum = body.maximumChoices, !(1...50).contains(maximum) {
            faults.append(.init("/maximumChoices", "must be from 1 to 50"))
        }
        if let days = body.answerDays, !(1...366).contains(days) {
            faults.append(.init("/answerDays", "must be from 1 to 366"))
        }
        if let rules = body.rules {
            // There are no universities and firms yet that rules could name.
            faults += rules.faults(universities: [], firms: []).map { .init("/rules" + $0.pointer, $0.reason) }
            let doubled = [
                ("/maximumChoices", body.maximumChoices != nil), ("/answerDays", body.answerDays != nil),
                ("/refill", body.refill != nil),
            ]
            faults += doubled.filter(\.1).map { .init($0.0, "is part of the rules") }
        } else if body.maximumChoices == nil {
            faults.append(.init("/maximumChoices", "is missing"))
        }
        if let fault = Deadline.fault(body.rankingDeadline, at: now, pointer: "/rankingDeadline") {
            faults.append(fault)
        }
        try Problem.check(faults)
        if let rules = body.rules { return rules }
        var rules = CohortRules(maximumChoices: body.maximumChoices ?? 1)
        rules.answerDays = body.answerDays ?? rules.answerDays
        rules.refill = body.refill ?? rules.refill
        return rules
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
