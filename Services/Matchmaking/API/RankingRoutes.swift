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
        api.put("cohorts/:cohort/applicants/:applicant/certification", use: certify)
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
        return try await replace(try applicant(context, principal), request, context)
    }

    private func applicant(
        _ context: AppContext,
        _ principal: Principal
    ) throws -> RankingChange<ApplicantSubject, PositionSubject> {
        RankingChange(
            of: try context.applicantID(),
            in: try context.cohortID(),
            tenant: principal.tenant,
            by: Author(principal)
        )
    }

    @Sendable
    func replaceOfFirm(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let change = RankingChange(
            of: try context.firmID(),
            in: try context.cohortID(),
            tenant: principal.tenant,
            by: Author(principal)
        )
        return try await replace(change, request, context)
    }

    private func read<Owner, Subject>(
        _ owner: ID<Owner>,
        _ name: String,
        _ store: RankingStore<Owner, Subject>
    ) async throws -> Response {
        let (ranking, date) = try await database.transaction(tenant: store.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: store.tenant).find(store.cohort, in: tx)
            guard let ranking = try await store.find(owner, in: tx) else { throw Problem.notFound(name) }
            let date = try await CertificationStore(tenant: store.tenant, cohort: store.cohort)
                .date(of: owner, version: ranking.version, in: tx)
            return (ranking, date)
        }
        return try answer(ranking, date)
    }

    @Sendable
    func certify(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let change = try applicant(context, principal)
        let now = Date()
        let ranking = try await database.transaction(tenant: principal.tenant) { tx in
            try await change.certify(at: now, in: tx) { try request.requireMatch(version: $0) }
        }
        return try answer(ranking, now)
    }

    private func replace<Owner, Subject>(
        _ change: RankingChange<Owner, Subject>,
        _ request: Request,
        _ context: AppContext
    ) async throws -> Response {
        let body = try await request.decodeJSON(NewRanking<Subject>.self, context: context)
        let saved = try await database.transaction(tenant: change.store.tenant) { tx in
            try await change.apply(body.ranking, at: Date(), pointer: "/ranking", in: tx) {
                try request.requireMatch(version: $0)
            }
        }
        return try answer(saved)
    }

    private func answer<Subject>(_ ranking: VersionedRanking<Subject>, _ certified: Date? = nil) throws -> Response {
        try .json(RankingBody(ranking, certifiedAt: certified), headers: [.eTag: entityTag(version: ranking.version)])
    }

    @Sendable
    func replaceMany(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let cohort: CohortID = try context.cohortID()
        let body = try await request.decodeJSON(RankingImport.self, context: context, limit: BodyLimit.large)
        try BulkLimits.check(body.applicants.count, BulkLimits.applicantRankings, at: "/applicants")
        try BulkLimits.check(body.firms.count, BulkLimits.firmRankings, at: "/firms")
        try BulkLimits.check(body.positions?.count ?? 0, BulkLimits.firmRankings, at: "/positions")
        try BulkLimits.check(body.teams?.count ?? 0, BulkLimits.firmRankings, at: "/teams")
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
                    after: body.counts.mapValues { "\($0)" }
                ),
                in: tx
            )
        }
        return try .json(body.counts)
    }
}
