import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Where a firm's recruiter looks at applicants, ranks and certifies.
struct RecruiterDesk: Sendable {
    /// What is told above the list; the raw value names its text.
    enum News: String {
        case saved = "firm.saved"
        case certified = "firm.saved.certified"
        /// Saved, but too short to be certified.
        case short = "firm.saved.short"
        case closed = "ranking.saved.tooLate"
        case changed = "ranking.saved.changed"

        var kind: String {
            switch self {
            case .saved, .certified: "good"
            case .short: "warn"
            case .closed, .changed: "bad"
            }
        }

        /// What a redirect after saving says.
        init(saved number: String) {
            self = Self.allSaved.first { $0.number == number } ?? .saved
        }

        var number: String { "\((Self.allSaved.firstIndex(of: self) ?? 0) + 1)" }

        private static let allSaved: [Self] = [.saved, .certified, .short]
    }

    let database: Database
    let pages: PersonalPages
    let tenant: AccessStore.TenantRecord
    let firm: FirmID
    let request: Request

    func show() async throws -> Response {
        let news = request.uri.queryParameters["saved"].map { News(saved: String($0)) }
        let asked = request.uri.queryParameters["position"].map(String.init)
        return try await show(asked, news.map { ($0.rawValue, $0.kind) })
    }

    private func show(
        _ position: String?,
        _ news: (key: String, kind: String)? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let view = try await database.transaction(tenant: tenant.id, readOnly: true) { tx in
            try await readView(position, in: tx)
        }
        let values = ["minimum": "\(view.record.cohort.rules.lists.firms.minimum)"]
        let notice = news.map { Notice(kind: $0.kind, text: pages.text($0.key, view.language, values)) }
        let page = FirmPage(view, pages, notice: notice)
        return try pages.response("firm", page, title: page.title, language: view.language, status: status)
    }

    /// - Parameter position: One of the firm's; the first if none is named.
    private func readView(_ position: String?, in tx: borrowing Transaction) async throws -> FirmView {
        let positions = try await PositionStore(tenant: tenant.id).all(of: firm, in: tx)
        let wanted = position.flatMap { PositionID($0) }
        let chosen = position == nil ? positions.first : positions.first { $0.position.id == wanted }
        guard let chosen, let (_, cohort) = try await PositionStore(tenant: tenant.id).find(chosen.position.id, in: tx)
        else { throw Problem.notFound("page") }
        let record = try await CohortStore(tenant: tenant.id).find(cohort, in: tx)
        return FirmView(
            record: record,
            zone: tenant.timeZone,
            positions: positions,
            list: try await CandidateList.read(chosen, of: cohort, tenant: tenant.id, in: tx),
            language: LanguageChoice(request, own: preferred).language,
            isOpen: record.cohort.isRanking(at: Date())
        )
    }

    private var preferred: LanguageTag {
        Strings.negotiate(request.headers[.acceptLanguage], default: tenant.language)
    }

    /// Saves what was entered, does what the pressed button says, and shows it by a redirect.
    func save(_ form: [String: String]) async throws -> Response {
        guard let position = form["position"] else { throw Problem.notFound("page") }
        do {
            let (entered, news, language) = try await database.transaction(tenant: tenant.id) { tx in
                let view = try await readView(position, in: tx)
                let entered = EnteredPlaces(form: form, list: view.list)
                guard entered.fault == nil else { return (entered, News.saved, view.language) }
                return (entered, try await store(entered, view.list, seen: form["version"], in: tx), view.language)
            }
            if let fault = entered.fault {
                return try await show(position, (fault.rawValue, "bad"), status: .unprocessableContent)
            }
            let place = entered.wish.candidate.map { "#c-\($0)" } ?? ""
            let query = "position=\(position)&saved=\(news.number)&lang=\(language)"
            return Response(
                status: .seeOther,
                headers: [.location: "\(request.uri.path)?\(query)\(place)", .cacheControl: "no-store"]
            )
        } catch let problem as Problem {
            switch problem.type {
            case Self.changedMeanwhile:
                return try await show(position, (News.changed.rawValue, "bad"), status: .conflict)
            case CohortRefusal.locked.rawValue, CohortRefusal.rankingClosed.rawValue:
                return try await show(position, (News.closed.rawValue, "bad"), status: .conflict)
            default: throw problem
            }
        }
    }

    private func store(
        _ entered: EnteredPlaces,
        _ list: CandidateList,
        seen: String?,
        in tx: borrowing Transaction
    ) async throws -> News {
        let (id, actor, now) = (list.record.position.id, Author(firm), Date())
        let desk = AcceptanceDesk(tenant: tenant.id, actor: actor)
        _ = try await desk.open(id, at: now, in: tx)
        guard seen == "\(list.ranking.version)" else {
            throw Problem(.conflict, type: Self.changedMeanwhile, title: "The list was changed meanwhile")
        }
        try await give(entered.scores, list, at: now, in: tx)
        // With the scores as they are by now.
        let current = try await CandidateList.read(list.record, of: list.cohort, tenant: tenant.id, in: tx)
        let groups = (entered.wish == .propose ? current.proposal : entered.groups) + list.unseen
        if groups != list.ranking.ranking.groups {
            _ = try await RankingChange(for: list.record.position, in: list.cohort, tenant: tenant.id, by: actor)
                .apply(groups, isPartial: true, at: now, pointer: "", in: tx) { version in
                    guard seen == "\(version)" else {
                        throw Problem(.conflict, type: Self.changedMeanwhile, title: "The list was changed meanwhile")
                    }
                }
        }
        switch entered.wish {
        case .save, .propose, .up, .down: break
        case .certify:
            do {
                _ = try await desk.certify(id, at: now, in: tx) { _ in }
                return .certified
            } catch let problem as Problem where problem.type == Problem.listTooShort {
                // What was entered is kept.
                return .short
            }
        case .mark(let candidate, let reason): try await desk.mark(candidate, reason: reason, for: id, at: now, in: tx)
        case .unmark(let candidate): try await desk.unmark(candidate, for: id, at: now, in: tx)
        }
        return .saved
    }

    /// Stores what is new of the scores.
    private func give(
        _ scores: [(candidate: ApplicantID, criterion: Slug, value: Int)],
        _ list: CandidateList,
        at now: Date,
        in tx: borrowing Transaction
    ) async throws {
        var known: [ApplicantID: [Slug: Int]] = [:]
        for candidate in list.candidates {
            for part in candidate.score.parts { known[candidate.id, default: [:]][part.criterion] = part.value }
        }
        let new = scores.filter { known[$0.candidate]?[$0.criterion] != $0.value }
        guard !new.isEmpty else { return }
        try await AcceptanceDesk(tenant: tenant.id, actor: Author(firm)).score(
            new,
            list.record.position.id,
            of: list.cohort,
            at: now,
            in: tx
        )
    }

    private static let changedMeanwhile = "changed-meanwhile"
}

extension EnteredPlaces.Wish {
    /// Whom the page shows first afterwards.
    fileprivate var candidate: ApplicantID? {
        switch self {
        case .save, .propose, .certify: nil
        case .up(let id), .down(let id), .unmark(let id): id
        case .mark(let id, _): id
        }
    }
}
