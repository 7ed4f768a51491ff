import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Reads a cohort's rules in all their versions, and sets new ones.
struct RuleRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/rules", use: list)
        api.post("cohorts/:cohort/rules", use: set)
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: CohortID = try context.cohortID()
        let page = try PageRequest(request)
        guard let after = Int(page.after ?? "0") else {
            throw Problem(.badRequest, type: "bad-cursor", title: "The cursor is not of this list")
        }
        let bodies = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            let record = try await CohortStore(tenant: principal.tenant).find(id, in: tx)
            return try await RulesStore(tenant: principal.tenant)
                .list(of: id, after: after, limit: page.limit + 1, in: tx)
                .map { RulesBody($0, isInForce: $0.version == record.cohort.rulesVersion) }
        }
        return try PageResponse(bodies, request: page) { "\($0.version)" }.response(for: request)
    }

    @Sendable
    func set(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: CohortID = try context.cohortID()
        let body = try await request.decodeJSON(Closed<NewRules>.self, context: context).body
        let reason = try body.reason.map { try Reason.parse($0) }
        let now = Date()
        let start = body.effectiveFrom ?? now
        guard (now...now.addingTimeInterval(30 * 366 * 86_400)).contains(start) else {
            throw Problem.invalid(.init("/effectiveFrom", "must be in the future, at most thirty years from now"))
        }
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            let tenant = principal.tenant
            let record = try await CohortStore(tenant: tenant)
                .change(id, in: tx) { (cohort) throws(CohortRefusal) in try cohort.changeRules() }
            // Whoever ranks has been told what holds.
            if reason == nil, record.cohort.state != .draft, record.cohort.state != .open {
                throw Problem.invalid(.init("/reason", "is needed once both sides rank"))
            }
            // Afterwards nobody could certify any more.
            if body.rules.certification == .required, record.cohort.rules.certification != .required,
                !record.cohort.state.isJoining || start > record.cohort.rankingDeadline
            {
                throw Problem.invalid(
                    .init("/rules/certification", "can't be required once rankings close: let them stay optional")
                )
            }
            let codes = try await MemberStore(tenant: tenant).codes(of: id, in: tx)
            try body.rules.check(universities: codes.universities, firms: codes.firms, at: "/rules")
            let new = RulesRecord(
                version: try await RulesStore(tenant: tenant).latestVersion(of: id, in: tx) + 1,
                createdAt: now,
                effectiveFrom: start,
                author: Author(principal).name,
                reason: reason,
                rules: body.rules
            )
            RulesStore(tenant: tenant).insert(new, of: id, in: tx)
            try RankingTimers(tenant: tenant).set(for: record.cohort, under: body.rules, at: now, in: tx)
            AuditStore(tenant: tenant).add(AuditEntry(set: new, of: record.cohort, by: Author(principal)), in: tx)
            let isInForce = start <= now
            return try .json(RulesBody(new, isInForce: isInForce), status: .created)
        }
    }
}
