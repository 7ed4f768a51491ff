public import Access
public import Hummingbird
import Messaging
public import Postgres

extension Database {
    /// Like `idempotent`, for an answer that takes work which must not hold a transaction: `preparing` runs before the
    /// transaction, unless there is an answer to replay. Two requests with one key that arrive at once may both run
    /// it, so it must bear that; only one of them gets to run `body`.
    public func idempotent<Prepared: Sendable>(
        _ request: Request,
        context: AppContext,
        principal: Principal,
        schema: StaticString,
        preparing: () async throws -> Prepared,
        body: (Prepared, borrowing Transaction) async throws -> Response
    ) async throws -> Response {
        let record = try await IdempotencyRecord(request, tenant: principal.tenant, schema: "\(schema)")
        let stored = try await transaction(tenant: principal.tenant, readOnly: true) { tx in
            try await record.storedAnswer(in: tx)
        }
        if let stored { return stored.response }
        let prepared = try await preparing()
        return try await idempotent(request, context: context, principal: principal, schema: schema) { tx in
            try await body(prepared, tx)
        }
    }
}
