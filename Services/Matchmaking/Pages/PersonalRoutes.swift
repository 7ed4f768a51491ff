import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Opens personal links: each shows what its purpose says, of the one thing it was made for.
struct PersonalRoutes: Sendable {
    let database: Database
    let access: AccessStore
    let links: PersonalLinks
    let pages: PersonalPages
    let office: StaffRoutes

    func add(to group: RouterGroup<AppContext>) {
        group.get(":link", use: show)
        group.get(":link/report", use: report)
        group.post(":link", use: save)
    }

    @Sendable
    func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let text = try context.parameters.require("link")
        let link = try await links.signer.verify(
            text,
            purpose: "ranking",
            "result",
            "round",
            "cohort",
            "firm",
            "university"
        )
        switch LinkPurpose(rawValue: link.purpose) {
        case .ranking:
            return try await ranking(link, request).show(RankingDesk.News(request))
        case .result:
            let isSaved = request.uri.queryParameters["saved"] != nil
            return try await answers(link, request).show(isSaved ? .saved : nil)
        case .round:
            let page = RoundPage(try await round(link, request), pages, report: "\(request.uri.path)/report")
            return try pages.response("round", page, title: page.title, language: page.language)
        case .firm: return try await firm(link, request).show()
        case .cohort: return try await OfficeDesk(session: office.open(link, text, request)).show()
        case .university: return try await coordinator(link, request).show(CoordinatorDesk.News(request))
        case nil: throw Problem.notFound("page")
        }
    }

    @Sendable
    func save(_ request: Request, _ context: AppContext) async throws -> Response {
        let link = try await links.signer.verify(
            try context.parameters.require("link"),
            purpose: "ranking",
            "result",
            "firm",
            "university"
        )
        let form = try await request.decodeForm([String: String].self, context: context)
        switch LinkPurpose(rawValue: link.purpose) {
        case .ranking: return try await ranking(link, request).save(form)
        case .result: return try await answers(link, request).save(form)
        case .firm: return try await firm(link, request).save(form)
        case .university: return try await coordinator(link, request).save(form)
        case .round, .cohort, nil: throw Problem.notFound("page")
        }
    }

    private func firm(_ link: LinkSigner.Link, _ request: Request) async throws -> RecruiterDesk {
        RecruiterDesk(
            database: database,
            pages: pages,
            tenant: try await tenant(link.tenant),
            firm: FirmID(link.subject),
            request: request
        )
    }

    private func coordinator(_ link: LinkSigner.Link, _ request: Request) async throws -> CoordinatorDesk {
        CoordinatorDesk(
            database: database,
            pages: pages,
            tenant: try await tenant(link.tenant),
            university: UniversityID(link.subject),
            request: request
        )
    }

    private func ranking(_ link: LinkSigner.Link, _ request: Request) async throws -> RankingDesk {
        RankingDesk(
            database: database,
            pages: pages,
            tenant: try await tenant(link.tenant),
            applicant: ApplicantID(link.subject),
            request: request
        )
    }

    private func tenant(_ id: TenantID) async throws -> AccessStore.TenantRecord {
        guard let tenant = try await access.tenant(id: id) else { throw Problem.notFound("page") }
        return tenant
    }

    private func answers(_ link: LinkSigner.Link, _ request: Request) async throws -> AnswerDesk {
        AnswerDesk(
            database: database,
            pages: pages,
            tenant: try await tenant(link.tenant),
            applicant: ApplicantID(link.subject),
            request: request
        )
    }

    /// The round behind a round's link, as a report.
    @Sendable
    func report(_ request: Request, _ context: AppContext) async throws -> Response {
        let link = try await links.signer.verify(try context.parameters.require("link"), purpose: "round")
        let view = try await round(link, request)
        let page = ReportPage(view, pages, back: nil)
        return try pages.response("report", page, title: page.title, language: view.language)
    }

    private func round(_ link: LinkSigner.Link, _ request: Request) async throws -> RoundView {
        let tenant = try await tenant(link.tenant)
        let preferred = Strings.negotiate(request.headers[.acceptLanguage], default: tenant.language)
        let language = LanguageChoice(request, own: preferred).language
        return try await database.transaction(tenant: link.tenant, readOnly: true) { tx in
            try await RoundView.read(RoundID(link.subject), tenant, language, in: tx)
        }
    }
}
