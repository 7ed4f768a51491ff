import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Shows how a cohort stands, and everything that staff may do with it.
struct OfficeDesk: Sendable {
    let session: StaffSession

    func show() async throws -> Response {
        let news = session.request.uri.queryParameters["news"].flatMap { OfficeNews(rawValue: String($0)) }
        // An address can be made up: only what was done is told by it.
        return try await show(news?.kind == "good" ? news : nil)
    }

    func show(_ news: OfficeNews?, status: HTTPResponse.Status = .ok) async throws -> Response {
        try await show(news.map { Notice(kind: $0.kind, text: session.text("staff.news.\($0)")) }, status)
    }

    func show(refusal: Problem) async throws -> Response {
        guard refusal.type != CohortRefusal.changedMeanwhile.rawValue else {
            return try await show(.changed, status: .conflict)
        }
        let text = session.text("staff.news.refused", ["reason": session.reason(of: refusal)])
        return try await show(Notice(kind: "bad", text: text), .conflict)
    }

    private func show(_ notice: Notice?, _ status: HTTPResponse.Status) async throws -> Response {
        let view = try await session.read { tx in
            try await OfficeView.read(session.link.cohort, tenant: session.tenant.id, in: tx)
        }
        let page = OfficePage(view, session, notice: notice)
        return try session.page("office", page, title: page.frame.title, status: status)
    }
}

extension StaffSession {
    /// Does what a form asks for. A refusal is told on the office page.
    func tellingRefusals(_ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let problem as Problem where problem.status == .conflict {
            return try await OfficeDesk(session: self).show(refusal: problem)
        }
    }

    /// Why something was refused, in the reader's language where there are words for it.
    func reason(of problem: Problem) -> String {
        Self.refusals.contains(problem.type) ? text("staff.refusal.\(problem.type)") : problem.title
    }

    private static let refusals: Set<String> = Set(
        [
            CohortRefusal.rankingOpen, .nothingToMatch, .alreadyPublished, .nothingToFill, .outdated, .locked,
            .rankingClosed, .wrongStep, .closed,
        ].map(\.rawValue) + ["import-faulty", "import-expired", "run-outdated", "firm-withdrawn", "no-contact"]
    )
}
