import Domain
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Compares runs with each other, and with what they would be with other numbers of places or with caps. Staff only:
/// runs that nobody was told of are among them.
struct ComparisonRoutes: Sendable {
    let database: Database

    func add(to api: RouterGroup<AppContext>) {
        api.get("rounds/:round/comparison", use: compare)
        api.get("rounds/:round/seat-values", use: seatValues)
        api.post("rounds/:round/what-if", use: whatIf)
    }

    @Sendable
    func compare(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let before: RoundID = try context.roundID()
        guard let after = request.uri.queryParameters["with"].flatMap({ RoundID(String($0)) }) else {
            throw Problem.invalid(.init("/query/with", "must be the id of a run"))
        }
        let comparison = try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await ComparisonStore(tenant: principal.tenant).compare(before, after, in: tx)
        }
        return try .json(ComparisonBody(comparison, isStored: true))
    }

    @Sendable
    func whatIf(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let body = try await request.decodeJSON(Closed<NewWhatIf>.self, context: context).body
        let whatIf = try await read(context, principal)
        let changes = try body.checked(for: whatIf)
        return try .json(ComparisonBody(try whatIf.compare(changes, at: Date()), isStored: false))
    }

    @Sendable
    func seatValues(_ request: Request, _ context: AppContext) async throws -> Response {
        let principal = try context.require(.staff)
        let values = try await read(context, principal).seatValues()
        return try .json(["items": values.map { SeatValueBody($0) }])
    }

    /// What is computed is computed after the transaction.
    private func read(_ context: AppContext, _ principal: Principal) async throws -> WhatIf {
        let id: RoundID = try context.roundID()
        return try await database.transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await WhatIf.read(id, tenant: principal.tenant, in: tx)
        }
    }
}
