import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Reads and replaces rankings, one or many.
struct RankingRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/applicants/:applicant/ranking", use: readOfApplicant)
        api.put("cohorts/:cohort/applicants/:applicant/ranking", use: replaceOfApplicant)
        api.get("cohorts/:cohort/firms/:firm/ranking", use: readOfFirm)
        api.put("cohorts/:cohort/firms/:firm/ranking", use: replaceOfFirm)
        api.put("cohorts/:cohort/rankings", use: replaceMany)
    }

    @Sendable
    func readOfApplicant(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let store = RankingStore.applicants(of: try context.cohortID(), tenant: principal.tenant)
        return try await read(try context.applicantID(), "applicant", store)
    }

    @Sendable
    func readOfFirm(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let store = RankingStore.firms(of: try context.cohortID(), tenant: principal.tenant)
        return try await read(try context.firmID(), "firm", store)
    }

    @Sendable
    func replaceOfApplicant(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let store = RankingStore.applicants(of: try context.cohortID(), tenant: principal.tenant)
        let change = RankingChange(
            store: store,
            owner: try context.applicantID(),
            ownerName: "applicant",
            actor: Author(principal)
        )
        return try await replace(change, request, context) { ($0.applicants.minimum, $0.applicants.maximum) }
    }

    @Sendable
    func replaceOfFirm(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let store = RankingStore.firms(of: try context.cohortID(), tenant: principal.tenant)
        let change = RankingChange(
            store: store,
            owner: try context.firmID(),
            ownerName: "firm",
            actor: Author(principal)
        )
        return try await replace(change, request, context) { ($0.firms.minimum, $0.firms.maximum) }
    }

    private func read<Owner, Subject>(
        _ owner: ID<Owner>,
        _ name: String,
        _ store: RankingStore<Owner, Subject>
    ) async throws -> Response {
        let ranking = try await database.transaction(tenant: store.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: store.tenant).find(store.cohort, in: tx)
            return try await store.find(owner, in: tx)
        }
        guard let ranking else { throw Problem.notFound(name) }
        return try answer(ranking)
    }

    private func replace<Owner, Subject>(
        _ change: RankingChange<Owner, Subject>,
        _ request: Request,
        _ context: AppContext,
        lengths: @Sendable (CohortRules.Lists) -> (minimum: Int, maximum: Int?)
    ) async throws -> Response {
        let body = try await request.decodeJSON(NewRanking<Subject>.self, context: context)
        let saved = try await database.transaction(tenant: change.store.tenant) { tx in
            try await change.apply(body.ranking, lengths: lengths, at: Date(), pointer: "/ranking", in: tx) { version in
                try request.requireMatch(version: version)
            }
        }
        return try answer(saved)
    }

    private func answer<Subject>(_ ranking: VersionedRanking<Subject>) throws -> Response {
        try .json(RankingBody(ranking), headers: [.eTag: entityTag(version: ranking.version)])
    }

    @Sendable
    func replaceMany(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let cohort: CohortID = try context.cohortID()
        let body = try await request.decodeJSON(RankingImport.self, context: context, limit: BodyLimit.large)
        try BulkLimits.check(body.applicants.count, BulkLimits.applicantRankings, at: "/applicants")
        try BulkLimits.check(body.firms.count, BulkLimits.firmRankings, at: "/firms")
        let now = Date()
        try await database.transaction(tenant: principal.tenant) { tx -> Void in
            let record = try await CohortStore(tenant: principal.tenant).find(cohort, .update, in: tx)
            try request.requireMatch(version: record.cohort.version)
            do throws(CohortRefusal) { try record.cohort.checkRanking(at: now) } catch { throw Problem(error) }
            try await ImportedRankings(body).save(in: record.cohort, tenant: principal.tenant, tx)
            AuditStore(tenant: principal.tenant).add(
                AuditEntry(
                    .rankingsImported,
                    of: cohort,
                    by: Author(principal),
                    at: now,
                    after: ["applicants": "\(body.applicants.count)", "firms": "\(body.firms.count)"]
                ),
                in: tx
            )
        }
        return try .json(["applicants": body.applicants.count, "firms": body.firms.count])
    }
}
