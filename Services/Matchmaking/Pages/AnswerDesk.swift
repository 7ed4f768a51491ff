import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Where one applicant sees the result and answers the offer.
struct AnswerDesk: Sendable {
    /// What is told above the result; the raw value names its text.
    enum News: String {
        case saved = "result.answer.saved"
        case late = "result.answer.late"
        case changed = "result.answer.changed"
        case unsure = "result.answer.unsure"
        case left = "withdrawal.done"
        case leavingUnsure = "withdrawal.unsure"

        var kind: String { self == .saved || self == .left ? "good" : "bad" }
    }

    let database: Database
    let pages: PersonalPages
    let tenant: AccessStore.TenantRecord
    let applicant: ApplicantID
    let request: Request

    func show(_ news: News? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        let view = try await database.transaction(tenant: tenant.id, readOnly: true) { tx in
            try await readView(in: tx)
        }
        let news = view.applicant.withdrawnAt == nil ? news : .left
        let notice = news.map { Notice(kind: $0.kind, text: pages.text($0.rawValue, view.language)) }
        let page = ResultPage(view, pages, notice: notice)
        return try pages.response("result", page, title: page.title, language: view.language, status: status)
    }

    private func readView(in tx: borrowing Transaction) async throws -> ResultView {
        guard let (person, cohort) = try await ApplicantStore(tenant: tenant.id).find(applicant, in: tx) else {
            throw Problem.notFound("page")
        }
        let record = try await CohortStore(tenant: tenant.id).find(cohort, in: tx)
        let positions = try await PositionStore(tenant: tenant.id).all(of: cohort, in: tx)
        return ResultView(
            applicant: person,
            record: record,
            zone: tenant.timeZone,
            positions: Dictionary(uniqueKeysWithValues: positions.map { ($0.position.id, $0) }),
            reasons: record.cohort.rules.viewing.tellsReasons ? try await reasons(in: cohort, tx) : [:],
            companions: try await Companions.read(of: applicant, in: cohort, tenant: tenant.id, tx),
            universities: try await MemberStore(tenant: tenant.id).universityNames(of: cohort, in: tx),
            placement: try await PlacementStore(tenant: tenant.id).published(applicant, of: cohort, in: tx)?.placement,
            offer: try await OfferStore(tenant: tenant.id).latest(of: applicant, in: tx)?.offer,
            language: LanguageChoice(request, own: person.language).language,
            now: Date()
        )
    }

    /// Why positions did not take the applicant.
    private func reasons(in cohort: CohortID, _ tx: borrowing Transaction) async throws -> [PositionID: String] {
        let team = try await GroupStore(tenant: tenant.id).team(of: applicant, in: tx)
        let own = team.map { ApplicantID($0.group.id.uuid) } ?? applicant
        return try await AcceptanceStore(tenant: tenant.id).unacceptable(in: cohort, tx).compactMapValues { $0[own] }
    }

    /// Takes the answer and shows it by a redirect, so that reloading the page doesn't send it again.
    func save(_ form: [String: String]) async throws -> Response {
        let leaving = LeavingDesk(database: database, tenant: tenant.id, applicant: applicant)
        switch try await leaving.take(form) {
        case .unsure: return try await show(.leavingUnsure, status: .unprocessableContent)
        case .left: return leaving.redirect(request, language: LanguageChoice(request, own: tenant.language).language)
        case .none: break
        }
        guard let answer = form["answer"].flatMap(OfferAnswer.init(rawValue:)) else {
            throw Problem.invalid(.init("/answer", "must be accept, decline or defer"))
        }
        // To give a place up takes a second sign than the button.
        if answer == .decline, form["sure"] == nil { return try await show(.unsure, status: .unprocessableContent) }
        do {
            try await store(answer, seen: form["offer"])
        } catch let problem as Problem {
            switch problem.type {
            case OfferRefusal.deadlinePassed.rawValue: return try await show(.late, status: .conflict)
            case OfferRefusal.answered.rawValue, OfferRefusal.withdrawn.rawValue, Self.changedMeanwhile:
                return try await show(.changed, status: .conflict)
            default: throw problem
            }
        }
        let language = LanguageChoice(request, own: tenant.language)
        let query = request.uri.queryParameters["lang"] == nil ? "" : "&lang=\(language.language)"
        return Response(
            status: .seeOther,
            headers: [.location: "\(request.uri.path)?saved=1\(query)", .cacheControl: "no-store"]
        )
    }

    private func store(_ answer: OfferAnswer, seen: String?) async throws {
        _ = try await database.transaction(tenant: tenant.id) { tx in
            // The one offer that is the applicant's, whatever the form says.
            guard let latest = try await OfferStore(tenant: tenant.id).latest(of: applicant, in: tx) else {
                throw Problem.notFound("page")
            }
            guard seen == latest.offer.id.description else {
                throw Problem(.conflict, type: Self.changedMeanwhile, title: "Another place is offered now")
            }
            return try await OfferDesk(tenant: tenant.id, actor: Author(applicant))
                .answer(answer, to: latest.offer.id, at: Date(), in: tx) { _ in }
        }
    }

    private static let changedMeanwhile = "changed-meanwhile"
}
