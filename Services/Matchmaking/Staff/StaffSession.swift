import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// One request of a member of staff over a personal link: to one cohort, by name.
struct StaffSession: Sendable {
    let database: Database
    let pages: PersonalPages
    let tenant: AccessStore.TenantRecord
    let link: StaffLink
    let request: Request
    let language: LanguageTag
    /// The office's own path, without a slash at its end.
    let home: String

    var actor: Author { Author(link) }

    func text(_ key: String, _ values: [String: String] = [:]) -> String { pages.text(key, language, values) }

    func time(_ date: Date) -> String { LocalizedTime.dateTime(date, tenant.timeZone, language) }

    /// The address of a page of the office. A language that was asked for stays.
    func url(_ path: String = "", query: String = "") -> String {
        let language = request.uri.queryParameters["lang"] == nil ? "" : "lang=\(language)"
        let parts = [query, language].filter { !$0.isEmpty }
        return home + path + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    }

    /// After something was done: a redirect, so that reloading the page doesn't do it again.
    func go(to path: String = "", news: String? = nil) -> Response {
        Response(
            status: .seeOther,
            headers: [.location: url(path, query: news.map { "news=\($0)" } ?? ""), .cacheControl: "no-store"]
        )
    }

    func read<Value: Sendable>(_ body: (borrowing Transaction) async throws -> Value) async throws -> Value {
        try await database.transaction(tenant: tenant.id, readOnly: true) { tx in try await body(tx) }
    }

    /// A round of the link's cohort; another's is not there.
    func round(_ id: RoundID, in tx: borrowing Transaction) async throws -> StoredRound {
        let round = try await RoundStore(tenant: tenant.id).find(id, in: tx)
        guard round.record.cohort == link.cohort else { throw Problem.notFound("page") }
        return round
    }

    func page(
        _ template: String,
        _ model: some Sendable,
        title: String,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try pages.response(template, model, title: title, language: language, status: status)
    }

    func name(of round: RoundRecord) -> String {
        text("staff.runName", ["number": "\(round.number)", "time": time(round.createdAt)])
    }
}

/// What pages of the office have in common.
struct StaffFrame: Sendable {
    let title: String
    let back: String
    let backText: String
    let languagesLabel: String
    let languages: [LanguageChoice.Option]

    init(_ session: StaffSession, title: String) {
        self.title = title
        back = session.url()
        backText = session.text("staff.back")
        languagesLabel = session.text("page.languages")
        languages = LanguageChoice(session.language).options
    }
}
