import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Makes, lists and revokes personal links to a cohort's office page. Staff only.
struct StaffLinkRoutes: Sendable {
    let database: Database
    let links: PersonalLinks

    func add(to api: RouterGroup<AppContext>) {
        api.get("cohorts/:cohort/staff-links", use: list)
        api.post("cohorts/:cohort/staff-links", use: make)
        api.delete("staff-links/:staff-link", use: revoke)
    }

    @Sendable
    func list(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let cohort: CohortID = try context.cohortID()
        let links = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            _ = try await CohortStore(tenant: principal.tenant).find(cohort, in: tx)
            return try await StaffLinkStore(tenant: principal.tenant).list(of: cohort, in: tx)
        }
        return try .json(["items": links.map(ListedStaffLink.init)])
    }

    @Sendable
    func revoke(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let id: StaffLinkID = try context.staffLinkID()
        try await database.transaction(tenant: principal.tenant) { tx -> Void in
            try await StaffLinkDesk(tenant: principal.tenant, actor: Author(principal)).revoke(id, at: Date(), in: tx)
        }
        return Response(status: .noContent)
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
            let body = StaffLinkBody(id: link.id, link: url, name: link.name, expiresAt: link.expiresAt)
            return try .json(body, status: .created)
        }
    }
}

struct NewStaffLink: ClosedBody {
    enum CodingKeys: String, CodingKey, CaseIterable { case name }

    let name: Slug
}

struct StaffLinkBody: Encodable, Sendable {
    let id: StaffLinkID
    let link: String
    let name: Slug
    let expiresAt: Date
}

/// A link without what it opens by: that is told once.
struct ListedStaffLink: Encodable, Sendable {
    let id: StaffLinkID
    let name: Slug
    let createdAt: Date
    let expiresAt: Date
    let usedAt: Date?
    let revokedAt: Date?

    init(_ link: StaffLink) {
        id = link.id
        name = link.name
        createdAt = link.createdAt
        expiresAt = link.expiresAt
        usedAt = link.usedAt
        revokedAt = link.revokedAt
    }
}
