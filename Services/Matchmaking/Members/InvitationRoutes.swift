import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Has recruiters and coordinators sent the link to their page. Staff only.
struct InvitationRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.post("firms/:firm/invitation") { request, context in
            try await invite(CohortMember(try context.firmID()), request, context)
        }
        api.post("universities/:university/invitation") { request, context in
            try await invite(CohortMember(try context.universityID()), request, context)
        }
    }

    private func invite(
        _ member: CohortMember,
        _ request: Request,
        _ context: AppContext
    ) async throws -> Response {
        let principal = try context.require(.staff)
        // The body may be missing.
        let contact =
            request.headers[.contentType] == nil
            ? nil : try await request.decodeJSON(Closed<NewInvitation>.self, context: context).body.contact
        return try await database.idempotent(request, context: context, principal: principal, schema: "matchmaking") {
            tx in
            let recipient = try await InvitationDesk(tenant: principal.tenant, actor: Author(principal))
                .invite(member, contact: contact, at: Date(), in: tx)
            return try .json(["contact": recipient])
        }
    }
}

struct NewInvitation: ClosedBody {
    enum CodingKeys: String, CodingKey, CaseIterable { case contact }

    let contact: Recipient?
}
