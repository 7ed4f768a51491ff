import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// A cohort's office: what its staff do over a personal link. Whatever the address names besides the link must be of
/// the link's cohort.
struct StaffRoutes: Sendable {
    let database: Database
    let access: AccessStore
    let links: PersonalLinks
    let pages: PersonalPages

    func add(to group: RouterGroup<AppContext>) {
        group.post(":link/rounds") { try await RoundDesk(session: open($0, $1)).run(form($0, $1)) }
        group.post(":link/supplementary-rounds") { request, context in
            try await RoundDesk(session: open(request, context)).supplement(form(request, context))
        }
        group.post(":link/reminders") { try await MemberForms(session: open($0, $1)).remind() }
        group.post(":link/invitations") { request, context in
            try await MemberForms(session: open(request, context)).invite(form(request, context))
        }
        group.post(":link/ranking-deadline") { request, context in
            try await DeadlineForm(session: open(request, context)).move(form(request, context))
        }
        group.post(":link/revocations") { request, context in
            try await MemberForms(session: open(request, context)).revoke(form(request, context))
        }
        group.post(":link/publications") { request, context in
            try await RoundDesk(session: open(request, context)).publish(form(request, context))
        }
        group.get(":link/comparison") { try await ComparisonDesk(session: open($0, $1)).choose() }
        group.get(":link/rounds/:round/comparison/:other") { request, context in
            try await ComparisonDesk(session: open(request, context))
                .compare(try context.roundID(), try context.otherRoundID())
        }
        group.get(":link/rounds/:round/seat-values") { request, context in
            try await ComparisonDesk(session: open(request, context)).seatValues(try context.roundID())
        }
        group.get(":link/rounds/:round/what-if/:firm/:capacity") { request, context in
            try await ComparisonDesk(session: open(request, context))
                .whatIf(try context.roundID(), try context.firmID(), try context.capacity())
        }
        group.get(":link/rounds/:round/report") { request, context in
            try await ReportDesk(session: open(request, context)).show(try context.roundID())
        }
        group.post(":link/imports") { try await ImportPages(session: open($0, $1)).preview($0, $1) }
        group.get(":link/imports/:import") { request, context in
            try await ImportPages(session: open(request, context)).show(try context.importID())
        }
        group.post(":link/imports/:import/application") { request, context in
            try await ImportPages(session: open(request, context))
                .apply(try context.importID(), form(request, context))
        }
        group.get(":link/imports/:import/faulty-rows.csv") { request, context in
            try await ImportPages(session: open(request, context)).faultyRows(try context.importID())
        }
        group.get(":link/exports/:file") { request, context in
            let session = try await open(request, context)
            return try await ExportRoutes(database: database)
                .file(try context.parameters.require("file"), of: session.link.cohort, tenant: session.tenant.id)
        }
    }

    /// Finds out who asks. A link that expired, was revoked, is forged or is for something else opens nothing.
    @Sendable
    func open(_ request: Request, _ context: AppContext) async throws -> StaffSession {
        let text = try context.parameters.require("link")
        return try await open(try await links.signer.verify(text, purpose: LinkPurpose.cohort.rawValue), text, request)
    }

    func open(_ link: LinkSigner.Link, _ text: String, _ request: Request) async throws -> StaffSession {
        let found = try await database.transaction(tenant: link.tenant) { tx -> StaffLink? in
            let store = StaffLinkStore(tenant: link.tenant)
            guard let found = try await store.find(StaffLinkID(link.subject), in: tx), found.revokedAt == nil else {
                return nil
            }
            store.use(found, at: Date(), in: tx)
            return found
        }
        guard let found, let tenant = try await access.tenant(id: link.tenant) else { throw Problem.notFound("page") }
        let preferred = Strings.negotiate(request.headers[.acceptLanguage], default: tenant.language)
        return StaffSession(
            database: database,
            pages: pages,
            tenant: tenant,
            link: found,
            request: request,
            language: LanguageChoice(request, own: preferred).language,
            home: "/matchmaking/l/\(text)"
        )
    }

    @Sendable
    private func form(_ request: Request, _ context: AppContext) async throws -> [String: String] {
        try await request.decodeForm([String: String].self, context: context)
    }
}

extension AppContext {
    fileprivate func otherRoundID() throws -> RoundID {
        guard let id = parameters.get("other").flatMap({ RoundID($0) }) else { throw Problem.notFound("page") }
        return id
    }

    fileprivate func capacity() throws -> Int {
        guard let capacity = parameters.get("capacity").flatMap({ Int($0) }), (0...10_000).contains(capacity) else {
            throw Problem.notFound("page")
        }
        return capacity
    }
}
