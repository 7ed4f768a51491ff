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
        case certified = "ranking.saved.certified"
        case agreed = "group.agreed"
        case closed = "ranking.saved.tooLate"
        case changed = "ranking.saved.changed"
        case short = "ranking.saved.short"
        case left = "withdrawal.done"
        case unsure = "withdrawal.unsure"

        var kind: String {
            switch self {
            case .saved, .certified, .agreed, .left: "good"
            case .closed, .changed, .short, .unsure: "bad"
            }
        }
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
        let values = ["minimum": "\(view.record.cohort.rules.lists.applicants.minimum)"]
        let notice = news.map { Notice(kind: $0.kind, text: pages.text($0.rawValue, view.language, values)) }
        let page = RankingPage(view, pages, notice: notice, entered: entered)
        return try pages.response(
            "ranking",
            page,
            title: page.title,
            language: view.language,
            runsScripts: page.movable != nil,
            status: status
        )
    }

    private func readView() async throws -> RankingView {
        try await database.transaction(tenant: tenant.id, readOnly: true) { tx in
            try await view(in: tx)
        }
    }

    private func view(in tx: borrowing Transaction) async throws -> RankingView {
        guard let (person, cohort) = try await ApplicantStore(tenant: tenant.id).find(applicant, in: tx) else {
            throw Problem.notFound("page")
        }
        let record = try await CohortStore(tenant: tenant.id).find(cohort, in: tx)
        let group = try await groupView(of: cohort, in: tx)
        let all = try await PositionStore(tenant: tenant.id).all(of: cohort, in: tx)
        let together = group.map { $0.ranksTogether ? $0.group.applicants : [applicant] } ?? [applicant]
        let barred = try await EligibilityBook.read(
            all.map(\.position),
            of: cohort,
            among: together,
            tenant: tenant.id,
            in: tx
        ).barred(together)
        let (ranking, certifiedAt) = try await ranking(of: cohort, group, in: tx)
        return RankingView(
            applicant: person,
            record: record,
            zone: tenant.timeZone,
            positions: all.filter { barred[$0.position.id] == nil && !$0.isWithdrawn },
            names: Dictionary(uniqueKeysWithValues: all.map { ($0.position.id, $0) }),
            ranking: ranking,
            certifiedAt: certifiedAt,
            group: group,
            advice: try await ListAdvice.read(except: cohort, tenant: tenant.id, in: tx),
            search: PositionSearch(request),
            language: LanguageChoice(request, own: person.language).language,
            isOpen: record.cohort.isRanking(at: Date()) && person.withdrawnAt == nil
        )
    }

    private func groupView(of cohort: CohortID, in tx: borrowing Transaction) async throws -> GroupView? {
        guard let record = try await GroupStore(tenant: tenant.id).group(of: applicant, in: tx) else { return nil }
        let people = try await ProfileStore(tenant: tenant.id)
            .candidates(of: cohort, among: record.group.applicants, in: tx)
        return GroupView(group: record.group, names: people.map(\.applicant.name))
    }

    /// The applicant's own list, or their team's.
    private func ranking(
        of cohort: CohortID,
        _ group: GroupView?,
        in tx: borrowing Transaction
    ) async throws -> (VersionedRanking<PositionSubject>, certifiedAt: Date?) {
        let certifications = CertificationStore(tenant: tenant.id, cohort: cohort)
        if let group, group.ranksTogether {
            let store = RankingStore.teams(of: cohort, tenant: tenant.id)
            guard let list = try await store.find(group.group.id, in: tx) else { throw Problem.notFound("page") }
            return (list, try await certifications.date(of: group.group.id, version: list.version, in: tx))
        }
        let store = RankingStore.applicants(of: cohort, tenant: tenant.id)
        guard let list = try await store.find(applicant, in: tx) else { throw Problem.notFound("page") }
        return (list, try await certifications.date(of: applicant, version: list.version, in: tx))
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
        if form["agree"] != nil, let group = view.group { return try await agree(to: group.group.id, view) }
        let count = EnteredChoices.fieldCount(view.record.cohort, positions: view.positions.count)
        let known = Set(view.positions.map(\.position.id))
        let keepsList = EnteredChoices.isPress(form) || form["certify"] != nil
        var entered =
            keepsList ? EnteredChoices(view.ranking) : EnteredChoices(form: form, count: count, among: known)
        entered.press(form, among: known.union(view.ranking.ranking.ids))
        guard entered.errors.isEmpty else {
            return try await show(entered: entered, status: .unprocessableContent)
        }
        do {
            try await store(entered, view, certifies: form["certify"] != nil, seen: form["version"])
        } catch let problem as Problem {
            switch problem.type {
            case Self.changedMeanwhile: return try await show(.changed, status: .conflict)
            case Problem.listTooShort: return try await show(.short, status: .unprocessableContent)
            case CohortRefusal.locked.rawValue, CohortRefusal.rankingClosed.rawValue,
                CohortRefusal.rankingNotOpen.rawValue, CohortRefusal.closed.rawValue, Self.withdrawn:
                return try await show(.closed, status: .conflict)
            default: throw problem
            }
        }
        let pressed = ["up", "down", "remove", "add"].lazy.compactMap { form[$0] }.first
        let place = pressed.flatMap { PositionID($0) }.map { "#p-\($0)" } ?? ""
        return redirect(form["certify"] == nil ? "1" : "2", view, to: place)
    }

    /// Shows what is saved by a redirect, so that reloading the page doesn't send it again.
    private func redirect(_ news: String, _ view: RankingView, to place: String = "") -> Response {
        Response(
            status: .seeOther,
            headers: [
                .location: "\(request.uri.path)?saved=\(news)&lang=\(view.language)\(place)",
                .cacheControl: "no-store",
            ]
        )
    }

    private func agree(to group: GroupID, _ view: RankingView) async throws -> Response {
        _ = try await database.transaction(tenant: tenant.id) { tx in
            try await GroupDesk(tenant: tenant.id, actor: Author(applicant))
                .agree(applicant, to: group, at: Date(), in: tx)
        }
        return redirect("3", view)
    }

    private func store(
        _ entered: EnteredChoices,
        _ view: RankingView,
        certifies: Bool,
        seen: String?
    ) async throws {
        let (tenant, actor, cohort) = (tenant.id, Author(applicant), view.record.cohort.id)
        let team = view.group.flatMap { $0.ranksTogether ? $0.group.id : nil }
        func check(_ version: Int) throws {
            guard seen == "\(version)" else {
                throw Problem(.conflict, type: Self.changedMeanwhile, title: "The list was changed meanwhile")
            }
        }
        _ = try await database.transaction(tenant: tenant) { tx in
            let (now, desk) = (Date(), GroupDesk(tenant: tenant, actor: actor))
            switch (team, certifies) {
            // A list may be built step by step: how long it has to be is asked when it is certified.
            case (let team?, false):
                return try await desk.rank(
                    entered.groups,
                    for: team,
                    isPartial: true,
                    at: now,
                    pointer: "",
                    in: tx,
                    check: check
                )
            case (let team?, true): return try await desk.certify(team, at: now, in: tx, check: check)
            case (nil, let certifies):
                let change = RankingChange(of: applicant, in: cohort, tenant: tenant, by: actor, named: "page")
                if certifies { return try await change.certify(at: now, in: tx, check: check) }
                return try await change.apply(
                    entered.groups,
                    isPartial: true,
                    at: now,
                    pointer: "",
                    in: tx,
                    check: check
                )
            }
        }
    }

    private static let changedMeanwhile = "changed-meanwhile"
    private static let withdrawn = "applicant-withdrawn"
}

extension RankingDesk.News {
    /// What a redirect after saving says.
    init?(_ request: Request) {
        switch request.uri.queryParameters["saved"] {
        case nil: return nil
        case "2": self = .certified
        case "3": self = .agreed
        default: self = .saved
        }
    }
}
