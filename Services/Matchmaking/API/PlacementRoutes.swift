import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Reads where applicants were placed.
struct PlacementRoutes: Sendable {
    let database: Database
    let links: PersonalLinks

    func add(to api: RouterGroup<AppContext>) {
        api.get("rounds/:round/placements", use: list)
        api.get("applicants/:applicant/result", use: result)
    }

    /// Staff see a tentative round; others see where people are placed once that is published.
    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: RoundID = try context.roundID()
        let page = try PageRequest(request)
        let after = try page.uuidAfter()
        let tenant = principal.tenant
        let placements = try await database.transaction(tenant: tenant, readOnly: true) { tx in
            let round = try await RoundStore(tenant: tenant).find(id, in: tx)
            guard principal.role == .staff || round.publishedAt != nil else {
                throw Problem(.forbidden, type: "not-published", title: "The round is not published yet")
            }
            return try await PlacementStore(tenant: tenant)
                .list(of: id, after: after, limit: page.limit + 1, in: tx)
        }
        let bodies = placements.map { placement in
            PlacementBody(
                applicant: placement.applicant,
                firm: placement.firm,
                choice: placement.choice,
                lotteryNumber: placement.lottery
            )
        }
        return try PageResponse(bodies, request: page) { $0.applicant.description }.response(for: request)
    }

    @Sendable
    func result(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff, .machine, .reader)
        let id: ApplicantID = try context.applicantID()
        let tenant = principal.tenant
        let link = try await links.url(.result, of: id.uuid, tenant: tenant)
        let (published, terms) = try await database.transaction(tenant: tenant, readOnly: true) { tx in
            guard let (_, cohort) = try await ApplicantStore(tenant: tenant).find(id, in: tx) else {
                throw Problem.notFound("applicant")
            }
            let terms = try await CohortStore(tenant: tenant).find(cohort, in: tx).cohort.rules.terms
            return (try await PlacementStore(tenant: tenant).published(id, of: cohort, in: tx), terms)
        }
        guard let (round, placement) = published else {
            throw Problem(
                .notFound,
                type: "not-published",
                title: "There is no published result for this applicant yet"
            )
        }
        return try .json(
            ResultBody(
                applicant: id,
                round: round,
                firm: placement.firm,
                choice: placement.choice,
                lotteryNumber: placement.lottery,
                steps: placement.explanation.steps,
                change: placement.explanation.change,
                excluded: placement.explanation.excluded,
                terms: terms,
                resultLink: link
            )
        )
    }
}
