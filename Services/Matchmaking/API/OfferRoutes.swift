import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Reads offers and changes them: what applicants answer, and what staff decide.
struct OfferRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/offers", use: list)
        api.get("offers/:offer", use: read)
        api.put("offers/:offer/answer", use: answer)
        api.put("offers/:offer/deferral", use: decideDeferral)
        api.put("offers/:offer/withdrawal", use: withdraw)
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let cohort: CohortID = try context.cohortID()
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let state = try request.uri.queryParameters["state"].map { text in
            guard let state = OfferState(rawValue: String(text)) else {
                throw Problem(.badRequest, type: "bad-state", title: "There is no such state of an offer")
            }
            return state
        }
        let offers = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            return try await OfferStore(tenant: principal.tenant)
                .list(of: cohort, in: state, after: after, limit: page.limit + 1, in: tx)
        }
        return try PageResponse(offers.map(OfferBody.init), request: page) { $0.id.description }.response(for: request)
    }

    @Sendable
    func read(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: OfferID = try context.offerID()
        return try response(
            try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
                try await OfferStore(tenant: principal.tenant).find(id, in: tx)
            }
        )
    }

    @Sendable
    func answer(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine)
        let id: OfferID = try context.offerID()
        let body = try await request.decodeJSON(NewAnswer.self, context: context)
        return try response(
            try await database.transaction(tenant: principal.tenant) { tx in
                try await OfferDesk(tenant: principal.tenant, actor: Author(principal))
                    .answer(body.answer, to: id, at: Date(), in: tx) { try request.requireMatch(version: $0.version) }
            }
        )
    }

    @Sendable
    func decideDeferral(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: OfferID = try context.offerID()
        let body = try await request.decodeJSON(DeferralDecision.self, context: context)
        let reason = try Reason.parse(body.reason)
        return try response(
            try await database.transaction(tenant: principal.tenant) { tx in
                try await OfferDesk(tenant: principal.tenant, actor: Author(principal)).decideDeferral(
                    of: id,
                    isGranted: body.granted,
                    reason: reason,
                    at: Date(),
                    in: tx
                ) { try request.requireMatch(version: $0.version) }
            }
        )
    }

    @Sendable
    func withdraw(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: OfferID = try context.offerID()
        let body = try await request.decodeJSON(NewWithdrawal.self, context: context)
        let reason = try Reason.parse(body.reason)
        return try response(
            try await database.transaction(tenant: principal.tenant) { tx in
                try await OfferDesk(tenant: principal.tenant, actor: Author(principal)).withdraw(
                    body.subject,
                    of: id,
                    reason: reason,
                    at: Date(),
                    in: tx
                ) { try request.requireMatch(version: $0.version) }
            }
        )
    }

    private func response(_ record: OfferRecord) throws -> Response {
        try .json(OfferBody(record), headers: [.eTag: entityTag(version: record.offer.version)])
    }
}

struct NewAnswer: Decodable, Sendable {
    let answer: OfferAnswer
}

struct DeferralDecision: Decodable, Sendable {
    let granted: Bool
    let reason: String
}

struct NewWithdrawal: Decodable, Sendable {
    let subject: WithdrawalSubject
    let reason: String
}
