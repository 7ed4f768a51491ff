import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Where one applicant ranks.
struct RankingDesk: Sendable {
    /// What is told above the list; the raw value names its text.
    enum News: String {
        case saved = "ranking.saved.done"
        case closed = "ranking.saved.tooLate"
        case changed = "ranking.saved.changed"
        case left = "withdrawal.done"
        case unsure = "withdrawal.unsure"

        var kind: String { self == .saved || self == .left ? "good" : "bad" }
    }

    let database: Database
    let pages: PersonalPages
    let tenant: AccessStore.TenantRecord
    let applicant: ApplicantID
    let request: Request

    func show(
        _ news: News? = nil,
        entered: EnteredChoices? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let view = try await readView()
        let news = view.applicant.withdrawnAt == nil ? news : .left
        let notice = news.map { Notice(kind: $0.kind, text: pages.text($0.rawValue, view.language)) }
        let page = RankingPage(view, pages, notice: notice, entered: entered)
        return try pages.response("ranking", page, title: page.title, language: view.language, status: status)
    }

    private func readView() async throws -> RankingView {
        try await database.transaction(tenant: tenant.id, readOnly: true) { tx in
            try await view(in: tx)
        }
    }

    private func view(in tx: borrowing Transaction) async throws -> RankingView {
        guard let (person, cohort) = try await ApplicantStore(tenant: tenant.id).find(applicant, in: tx),
            let ranking = try await RankingStore.applicants(of: cohort, tenant: tenant.id).find(applicant, in: tx)
        else { throw Problem.notFound("page") }
        let record = try await CohortStore(tenant: tenant.id).find(cohort, in: tx)
        return RankingView(
            applicant: person,
            record: record,
            zone: tenant.timeZone,
            firms: try await MemberStore(tenant: tenant.id).firms(of: cohort, in: tx)
                .filter { $0.withdrawnAt == nil },
            ranking: ranking,
            language: LanguageChoice(request, own: person.language).language,
            isOpen: record.cohort.isRanking(at: Date()) && person.withdrawnAt == nil
        )
    }

    /// Saves what was entered and shows it by a redirect, so that reloading the page doesn't send it again.
    func save(_ form: [String: String]) async throws -> Response {
        let leaving = LeavingDesk(database: database, tenant: tenant.id, applicant: applicant)
        switch try await leaving.take(form) {
        case .unsure: return try await show(.unsure, status: .unprocessableContent)
        case .left: return leaving.redirect(request, language: LanguageChoice(request, own: tenant.language).language)
        case .none: break
        }
        let view = try await readView()
        guard view.isOpen else { return try await show(.closed, status: .conflict) }
        let count = EnteredChoices.fieldCount(view.record.cohort, firms: view.firms.count)
        let entered = EnteredChoices(form: form, count: count, among: Set(view.firms.map(\.id)))
        guard entered.errors.isEmpty else {
            return try await show(entered: entered, status: .unprocessableContent)
        }
        do {
            try await store(entered, in: view.record.cohort.id, seen: form["version"])
        } catch let problem as Problem {
            switch problem.type {
            case Self.changedMeanwhile: return try await show(.changed, status: .conflict)
            case CohortRefusal.locked.rawValue, CohortRefusal.rankingClosed.rawValue,
                CohortRefusal.rankingNotOpen.rawValue, CohortRefusal.closed.rawValue, Self.withdrawn:
                return try await show(.closed, status: .conflict)
            default: throw problem
            }
        }
        return Response(
            status: .seeOther,
            headers: [.location: "\(request.uri.path)?saved=1&lang=\(view.language)", .cacheControl: "no-store"]
        )
    }

    private func store(_ entered: EnteredChoices, in cohort: CohortID, seen: String?) async throws {
        let change = RankingChange(
            store: RankingStore.applicants(of: cohort, tenant: tenant.id),
            owner: applicant,
            ownerName: "page",
            actor: Author(applicant)
        )
        _ = try await database.transaction(tenant: tenant.id) { tx in
            try await change.apply(
                entered.groups,
                lengths: { ($0.applicants.minimum, $0.applicants.maximum) },
                at: Date(),
                pointer: "",
                in: tx
            ) { version in
                guard seen == "\(version)" else {
                    throw Problem(.conflict, type: Self.changedMeanwhile, title: "The list was changed meanwhile")
                }
            }
        }
    }

    private static let changedMeanwhile = "changed-meanwhile"
    private static let withdrawn = "applicant-withdrawn"
}
