import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Where a university's coordinator sees the university's own students, and confirms that they are enrolled.
struct CoordinatorDesk: Sendable {
    enum News: String {
        case saved = "university.saved"
        case closed = "university.closed"

        var kind: String { self == .saved ? "good" : "bad" }
    }

    let database: Database
    let pages: PersonalPages
    let tenant: AccessStore.TenantRecord
    let university: UniversityID
    let request: Request

    func show(_ news: News? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        let view = try await database.transaction(tenant: tenant.id, readOnly: true) { tx in
            try await readView(in: tx)
        }
        let notice = news.map { Notice(kind: $0.kind, text: pages.text($0.rawValue, view.language)) }
        let page = UniversityPage(view, pages, notice: notice)
        return try pages.response("university", page, title: page.title, language: view.language, status: status)
    }

    private func readView(in tx: borrowing Transaction) async throws -> UniversityView {
        guard let (university, cohort) = try await MemberStore(tenant: tenant.id).university(university, in: tx) else {
            throw Problem.notFound("page")
        }
        return UniversityView(
            university: university,
            record: try await CohortStore(tenant: tenant.id).find(cohort, in: tx),
            students: try await ApplicantStore(tenant: tenant.id).students(of: university.id, in: tx),
            zone: tenant.timeZone,
            language: LanguageChoice(request, own: university.contact?.language ?? tenant.language).language
        )
    }

    /// Confirms those who are ticked. Who was confirmed before stays so.
    func save(_ form: [String: String]) async throws -> Response {
        let prefix = UniversityPage.fieldPrefix
        let ticked = form.keys.filter { $0.hasPrefix(prefix) }
            .compactMap { ApplicantID(String($0.dropFirst(prefix.count))) }
        do {
            try await database.transaction(tenant: tenant.id) { tx -> Void in
                let code = try await readView(in: tx).university.code
                _ = try await MemberDesk(tenant: tenant.id, actor: Author(university))
                    .confirm(ticked.sorted(), isEnrolled: true, of: code, at: Date(), in: tx)
            }
        } catch let problem as Problem where problem.status == .conflict {
            return try await show(.closed, status: .conflict)
        }
        let language = LanguageChoice(request, own: tenant.language)
        let query = request.uri.queryParameters["lang"] == nil ? "" : "&lang=\(language.language)"
        return Response(
            status: .seeOther,
            headers: [.location: "\(request.uri.path)?saved=1\(query)", .cacheControl: "no-store"]
        )
    }
}
