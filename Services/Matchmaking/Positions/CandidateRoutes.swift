import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// What a firm knows and says of those who chose a position: scores, the ranking that they propose, who is unacceptable,
/// and the certified ranking.
struct CandidateRoutes: Sendable {
    let database: Database
    let links: PersonalLinks

    func add(to api: RouterGroup<AppContext>) {
        api.get("positions/:position/candidates", use: list)
        api.put("positions/:position/scores", use: score)
        api.put("positions/:position/unacceptable/:applicant", use: mark)
        api.delete("positions/:position/unacceptable/:applicant", use: unmark)
        api.get("positions/:position/ranking", use: read)
        api.put("positions/:position/ranking", use: replace)
        api.put("positions/:position/certification", use: certify)
        api.get("firms/:firm/link", use: link)
    }

    /// Names people, so staff only.
    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: PositionID = try context.positionID()
        let list = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await read(id, principal.tenant, in: tx)
        }
        return try .json(CandidatesBody(list))
    }

    @Sendable
    func read(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: PositionID = try context.positionID()
        let (ranking, date) = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            let list = try await read(id, principal.tenant, in: tx)
            return (list.ranking, list.certifiedAt)
        }
        return try answer(ranking, date)
    }

    private func read(
        _ id: PositionID,
        _ tenant: TenantID,
        in tx: borrowing Transaction
    ) async throws -> CandidateList {
        guard let (record, cohort) = try await PositionStore(tenant: tenant).find(id, in: tx) else {
            throw Problem.notFound("position")
        }
        return try await CandidateList.read(record, of: cohort, tenant: tenant, in: tx)
    }

    @Sendable
    func replace(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let (tenant, actor) = (principal.tenant, Author(principal))
        let id: PositionID = try context.positionID()
        let body = try await request.decodeJSON(NewRanking<ApplicantSubject>.self, context: context)
        let saved = try await database.transaction(tenant: tenant) { tx in
            guard let (record, cohort) = try await PositionStore(tenant: tenant).find(id, in: tx) else {
                throw Problem.notFound("position")
            }
            return try await RankingChange(for: record.position, in: cohort, tenant: tenant, by: actor)
                .apply(body.ranking, at: Date(), pointer: "/ranking", in: tx) {
                    try request.requireMatch(version: $0)
                }
        }
        return try answer(saved, nil)
    }

    @Sendable
    func certify(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let id: PositionID = try context.positionID()
        let now = Date()
        let ranking = try await database.transaction(tenant: principal.tenant) { tx in
            try await AcceptanceDesk(tenant: principal.tenant, actor: Author(principal))
                .certify(id, at: now, in: tx) { try request.requireMatch(version: $0) }
        }
        return try answer(ranking, now)
    }

    private func answer(_ ranking: VersionedRanking<ApplicantSubject>, _ date: Date?) throws -> Response {
        let body = RankingBody(ranking, certifiedAt: date)
        return try .json(body, headers: [.eTag: entityTag(version: ranking.version)])
    }

    @Sendable
    func score(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let tenant = principal.tenant
        let id: PositionID = try context.positionID()
        let body = try await request.decodeJSON(NewScores.self, context: context, limit: BodyLimit.large)
        try BulkLimits.check(body.scores.count, 1...20_000, at: "/scores")
        let now = Date()
        let list = try await database.transaction(tenant: tenant) { tx in
            let desk = AcceptanceDesk(tenant: tenant, actor: Author(principal))
            let (record, cohort) = try await desk.open(id, at: now, in: tx)
            let store = RankingStore.of(record.position, of: cohort, tenant: tenant)
            let known = try await store.knownSubjects(in: tx)
            try Problem.check(body.faults(record.position.criteria, known: known))
            let scores = body.scores.map { (candidate: $0.applicant, criterion: $0.criterion, value: $0.value) }
            try await desk.score(scores, id, of: cohort, at: now, in: tx)
            return try await read(id, tenant, in: tx)
        }
        // Who may score need not be told whom the position sees.
        return try principal.role == .staff ? .json(CandidatesBody(list)) : .json(["scores": body.scores.count])
    }

    @Sendable
    func mark(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let (id, candidate): (PositionID, ApplicantID) = (try context.positionID(), try context.applicantID())
        let reason = try Reason.parse(try await request.decodeJSON(RecordedReason.self, context: context).reason)
        let now = Date()
        try await database.transaction(tenant: principal.tenant) { tx -> Void in
            try await AcceptanceDesk(tenant: principal.tenant, actor: Author(principal))
                .mark(candidate, reason: reason, for: id, at: now, in: tx)
        }
        return try .json(Unacceptable(candidate: candidate, reason: reason, at: now))
    }

    @Sendable
    func unmark(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let (id, candidate): (PositionID, ApplicantID) = (try context.positionID(), try context.applicantID())
        try await database.transaction(tenant: principal.tenant) { tx -> Void in
            try await AcceptanceDesk(tenant: principal.tenant, actor: Author(principal))
                .unmark(candidate, for: id, at: Date(), in: tx)
        }
        return Response(status: .noContent)
    }

    /// The recruiter's page of a firm.
    @Sendable
    func link(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: FirmID = try context.firmID()
        let link = try await links.url(.firm, of: id.uuid, tenant: principal.tenant)
        let positions = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await PositionStore(tenant: principal.tenant).all(of: id, in: tx)
        }
        guard !positions.isEmpty else { throw Problem.notFound("firm") }
        return try .json(["link": link])
    }
}
