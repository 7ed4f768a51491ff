public import Access
public import Hummingbird
import Messaging
import NIOCore
public import Postgres

extension Database {
    /// Runs `body` at most once for each `Idempotency-Key` of a principal, in one transaction with the record of its
    /// answer: the same key and body replay the answer (`Idempotent-Replayed: true`), another body is a 422, a request
    /// still in progress a 409, and a missing key a 400. Answers are kept at least 24 hours.
    /// What `body` throws undoes its work and is not recorded. `ServiceHost.migrate` makes the table in each schema.
    public func idempotent(
        _ request: Request,
        context: AppContext,
        principal: Principal,
        schema: StaticString,
        body: (borrowing Transaction) async throws -> Response
    ) async throws -> Response {
        let record = try await IdempotencyRecord(request, tenant: principal.tenant, schema: "\(schema)")
        let answer = try await transaction(tenant: principal.tenant) { tx in
            try await record.lock(in: tx)
            if let answer = try await record.storedAnswer(in: tx) { return answer }
            let answer = try await StoredAnswer(body(tx))
            try await record.store(answer, in: tx)
            return answer
        }
        return answer.response
    }
}
