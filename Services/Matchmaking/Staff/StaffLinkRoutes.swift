import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Makes personal links to a cohort's office page.
struct StaffLinkRoutes: Sendable {
    let database: Database
    let links: PersonalLinks

    func add(to api: RouterGroup<AppContext>) {
        api.post("cohorts/:cohort/staff-links", use: make)
    }

    @Sendable
    func make(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let cohort: CohortID = try context.cohortID()
        let body = try await request.decodeJSON(Closed<NewStaffLink>.self, context: context).body
        let now = Date()
        let link = StaffLink(
            id: StaffLinkID(),
            cohort: cohort,
            name: body.name,
            createdAt: now,
            expiresAt: Date(timeIntervalSince1970: (now.timeIntervalSince1970 + StaffLink.validity).rounded())
        )
        // Before the transaction: the signer may ask the database for its key.
        let url = try await links.url(.cohort, of: link.id.uuid, tenant: principal.tenant, expires: link.expiresAt)
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            StaffLinkStore(tenant: principal.tenant).insert(link, in: tx)
            AuditStore(tenant: principal.tenant).add(
                AuditEntry(
                    .staffLinkMade,
                    of: cohort,
                    by: Author(principal),
                    at: now,
                    subject: link.id.uuid,
                    after: ["name": link.name.description, "expires": link.expiresAt.formatted(.iso8601)]
                ),
                in: tx
            )
            return try .json(StaffLinkBody(link: url, name: link.name, expiresAt: link.expiresAt), status: .created)
        }
    }
}

struct NewStaffLink: ClosedBody {
    enum CodingKeys: String, CodingKey, CaseIterable { case name }

    let name: Slug
}

struct StaffLinkBody: Encodable, Sendable {
    let link: String
    let name: Slug
    let expiresAt: Date
}
