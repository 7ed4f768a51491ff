import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Runs, reads and publishes rounds.
struct RoundRoutes: Sendable {
    let database: Database
    let links: PersonalLinks

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/rounds", use: list)
        api.post("cohorts/:cohort/rounds", use: run)
        api.post("cohorts/:cohort/supplementary-rounds", use: supplement)
        api.get("rounds/:round", use: read)
        api.post("rounds/:round/publication", use: publish)
    }

    @Sendable
    func run(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let cohort: CohortID = try context.cohortID()
        let body = try await request.decodeJSON(NewRound.self, context: context)
        let runner = RoundRunner(database: database, tenant: principal.tenant, actor: Author(principal))
        return try await database.idempotent(
            request,
            context: context,
            principal: principal,
            schema: "matchmaking",
            preparing: {
                let (market, round) = try await runner.compute(
                    cohort,
                    closesEarly: body.closesEarly ?? false,
                    at: Date()
                )
                let link = try await links.url(.round, of: round.record.id.uuid, tenant: principal.tenant)
                return (market, round, link)
            },
            body: { prepared, tx in
                let (market, round, link) = prepared
                let (stored, firms) = try await runner.store(round, of: market, in: tx)
                return try .json(
                    RoundBody(stored, firms, seed: nil, overviewLink: link),
                    status: .created,
                    headers: [.location: "/matchmaking/api/rounds/\(stored.record.id)"]
                )
            }
        )
    }

    @Sendable
    func supplement(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let tenant = principal.tenant
        let cohort: CohortID = try context.cohortID()
        let id = RoundID()
        let link = try await links.url(.round, of: id.uuid, tenant: tenant)
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            let (stored, firms) = try await SupplementaryRounds(tenant: tenant, actor: Author(principal))
                .run(cohort, as: id, at: Date(), in: tx)
            return try .json(
                RoundBody(stored, firms, seed: nil, overviewLink: link),
                status: .created,
                headers: [.location: "/matchmaking/api/rounds/\(stored.record.id)"]
            )
        }
    }

    @Sendable
    func read(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: RoundID = try context.roundID()
        let tenant = principal.tenant
        let link = try await links.url(.round, of: id.uuid, tenant: tenant)
        let body = try await database.transaction(tenant: tenant, readOnly: true) { tx in
            let rounds = RoundStore(tenant: tenant)
            let round = try await rounds.find(id, in: tx)
            let cohort = try await CohortStore(tenant: tenant).find(round.record.cohort, in: tx)
            let firms = try await rounds.firms(of: [id], in: tx)[id] ?? []
            return RoundBody(round, firms, seed: cohort.publicSeed, overviewLink: link)
        }
        return try .json(body)
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: CohortID = try context.cohortID()
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let tenant = principal.tenant
        let (cohort, rounds, firms) = try await database.transaction(tenant: tenant, readOnly: true) { tx in
            let store = RoundStore(tenant: tenant)
            let cohort = try await CohortStore(tenant: tenant).find(id, in: tx)
            let rounds = try await store.list(of: id, after: after, limit: page.limit + 1, in: tx)
            return (cohort, rounds, try await store.firms(of: rounds.map(\.record.id), in: tx))
        }
        var bodies: [RoundBody] = []
        for round in rounds {
            let link = try await links.url(.round, of: round.record.id.uuid, tenant: tenant)
            let results = firms[round.record.id] ?? []
            bodies.append(RoundBody(round, results, seed: cohort.publicSeed, overviewLink: link))
        }
        return try PageResponse(bodies, request: page) { $0.id.description }.response(for: request)
    }

    @Sendable
    func publish(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: RoundID = try context.roundID()
        // The body may be missing.
        let body =
            request.headers[.contentType] == nil
            ? nil : try await request.decodeJSON(NewPublication.self, context: context)
        let now = Date()
        if let deadline = body?.answerDeadline, !RoundPublisher.deadlines(at: now).contains(deadline) {
            throw Problem.invalid(.init("/answerDeadline", "must be in the future, at most 366 days from now"))
        }
        let (publication, isNew) = try await database.transaction(tenant: principal.tenant) { tx in
            try await RoundPublisher(tenant: principal.tenant, actor: Author(principal))
                .publish(id, answerDeadline: body?.answerDeadline?.wholeSecond, at: now, in: tx)
        }
        return try .json(publication, status: isNew ? .created : .ok)
    }
}

extension Date {
    /// The next whole second.
    fileprivate var wholeSecond: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.up)) }
}
