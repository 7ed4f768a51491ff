import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Where a university's coordinator sees the university's own students, nominates and confirms that they are enrolled.
struct CoordinatorDesk: Sendable {
    enum News: String {
        case saved = "university.saved"
        case nominated = "university.nominated"
        case closed = "university.closed"
        case refused = "university.refused"
        case tooLate = "university.tooLate"

        var kind: String { self == .saved || self == .nominated ? "good" : "bad" }

        /// What a redirect after something was done says.
        init?(_ request: Request) {
            switch request.uri.queryParameters["saved"] {
            case nil: return nil
            case "2": self = .nominated
            default: self = .saved
            }
        }
    }

    let database: Database
    let pages: PersonalPages
    let tenant: AccessStore.TenantRecord
    let university: UniversityID
    let request: Request

    func show(
        _ news: News? = nil,
        entered: EnteredNomination = EnteredNomination(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let view = try await database.transaction(tenant: tenant.id, readOnly: true) { tx in
            try await readView(in: tx)
        }
        let notice = news.map { Notice(kind: $0.kind, text: pages.text($0.rawValue, view.language)) }
        let page = UniversityPage(view, pages, notice: notice, entered: entered)
        return try pages.response("university", page, title: page.title, language: view.language, status: status)
    }

    private func readView(in tx: borrowing Transaction) async throws -> UniversityView {
        guard let (university, cohort) = try await MemberStore(tenant: tenant.id).university(university, in: tx) else {
            throw Problem.notFound("page")
        }
        let record = try await CohortStore(tenant: tenant.id).find(cohort, in: tx)
        let positions = try await PositionStore(tenant: tenant.id).all(of: cohort, in: tx).map(\.position)
        return UniversityView(
            university: university,
            record: record,
            students: try await ApplicantStore(tenant: tenant.id).students(of: university.id, in: tx),
            choices: NominationChoices(record.cohort.rules, positions),
            mayNominate: record.cohort.mayNominate(at: Date()),
            zone: tenant.timeZone,
            language: LanguageChoice(request, own: university.contact?.language ?? tenant.language).language
        )
    }

    func save(_ form: [String: String]) async throws -> Response {
        try await form["nominate"] == nil ? confirm(form) : nominate(form)
    }

    /// Confirms those who are ticked. Who was confirmed before stays so.
    private func confirm(_ form: [String: String]) async throws -> Response {
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
        return redirect("1")
    }

    /// So that reloading the page doesn't send the form again.
    private func redirect(_ saved: String) -> Response {
        let language = LanguageChoice(request, own: tenant.language)
        let query = request.uri.queryParameters["lang"] == nil ? "" : "&lang=\(language.language)"
        return Response(
            status: .seeOther,
            headers: [.location: "\(request.uri.path)?saved=\(saved)\(query)", .cacheControl: "no-store"]
        )
    }

    /// Nominates one student of the university's own, whatever the form says of others.
    private func nominate(_ form: [String: String]) async throws -> Response {
        let view = try await database.transaction(tenant: tenant.id, readOnly: true) { tx in
            try await readView(in: tx)
        }
        var entered = EnteredNomination(form, of: view.university.code, offering: view.choices)
        do {
            if let applicant = entered.applicant {
                let discipline = entered.discipline
                try await database.transaction(tenant: tenant.id) { tx -> Void in
                    try await store(applicant, discipline, view, in: tx)
                }
            }
        } catch let problem as Problem where problem.status == .conflict {
            return try await show(.tooLate, status: .conflict)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            guard entered.take(problem) else { return try await show(.refused, status: .unprocessableContent) }
        }
        guard entered.faults.isEmpty else { return try await show(entered: entered, status: .unprocessableContent) }
        return redirect("2")
    }

    private func store(
        _ applicant: Applicant,
        _ discipline: Slug?,
        _ view: UniversityView,
        in tx: borrowing Transaction
    ) async throws {
        let cohort = view.record.cohort.id
        try await NominationDesk(tenant: tenant.id, actor: Author(university))
            .nominate([applicant], of: view.university.code, in: cohort, at: Date(), in: tx)
        guard let discipline else { return }
        let profile = Profile(applicant: applicant.id, discipline: discipline)
        try await ProfileStore(tenant: tenant.id).save([profile], of: cohort, in: tx)
    }
}
