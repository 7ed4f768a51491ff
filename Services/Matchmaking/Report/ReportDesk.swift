import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Shows staff a round's report.
struct ReportDesk: Sendable {
    let session: StaffSession

    func show(_ id: RoundID) async throws -> Response {
        let view = try await session.read { tx in
            _ = try await session.round(id, in: tx)
            return try await RoundView.read(id, session.tenant, session.language, in: tx)
        }
        let page = ReportPage(view, session.pages, back: session.url())
        return try session.page("report", page, title: page.title)
    }
}

extension RoundView {
    static func read(
        _ id: RoundID,
        _ tenant: AccessStore.TenantRecord,
        _ language: LanguageTag,
        in tx: borrowing Transaction
    ) async throws -> RoundView {
        let rounds = RoundStore(tenant: tenant.id)
        let round = try await rounds.find(id, in: tx)
        return RoundView(
            round: round,
            record: try await CohortStore(tenant: tenant.id).find(round.record.cohort, in: tx),
            firms: try await rounds.firms(of: [id], in: tx)[id] ?? [],
            zone: tenant.timeZone,
            language: language
        )
    }
}
