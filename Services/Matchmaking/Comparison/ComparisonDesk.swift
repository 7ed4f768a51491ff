import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Shows staff runs beside each other, and what places are worth.
struct ComparisonDesk: Sendable {
    let session: StaffSession

    /// From the two that were chosen on the office page to their comparison.
    func choose() throws -> Response {
        let query = session.request.uri.queryParameters
        guard let first = query["first"].flatMap({ RoundID(String($0)) }),
            let second = query["second"].flatMap({ RoundID(String($0)) })
        else { throw Problem.notFound("page") }
        return session.go(to: "/rounds/\(first)/comparison/\(second)")
    }

    func compare(_ first: RoundID, _ second: RoundID) async throws -> Response {
        let comparison = try await session.read { tx in
            _ = try await session.round(first, in: tx)
            return try await ComparisonStore(tenant: session.tenant.id).compare(first, second, in: tx)
        }
        let names = [session.name(of: comparison.before.record), session.name(of: comparison.after.record)]
        let title = session.text("comparison.title", ["first": names[0], "second": names[1]])
        return try show(ComparisonPage(comparison, session, title: title, subtitle: nil))
    }

    func whatIf(_ id: RoundID, _ firm: FirmID, _ capacity: Int) async throws -> Response {
        let whatIf = try await read(id)
        guard let changed = whatIf.firms.first(where: { $0.id == firm }) else { throw Problem.notFound("page") }
        let comparison = try whatIf.compare(.init(capacities: [firm: capacity]), at: Date())
        let values = ["firm": changed.name[session.language], "places": "\(capacity)"]
        let title = session.text("comparison.whatIfTitle", values)
        let subtitle = session.text("comparison.whatIfText")
        return try show(ComparisonPage(comparison, session, title: title, subtitle: subtitle))
    }

    private func show(_ page: ComparisonPage) throws -> Response {
        try session.page("comparison", page, title: page.frame.title)
    }

    func seatValues(_ id: RoundID) async throws -> Response {
        let whatIf = try await read(id)
        let page = SeatValuesPage(whatIf.round.record, try whatIf.seatValues(), session)
        return try session.page("seats", page, title: page.frame.title)
    }

    private func read(_ id: RoundID) async throws -> WhatIf {
        try await session.read { tx in
            _ = try await session.round(id, in: tx)
            return try await WhatIf.read(id, tenant: session.tenant.id, in: tx)
        }
    }
}
