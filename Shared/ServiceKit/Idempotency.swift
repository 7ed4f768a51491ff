public import Hummingbird
public import Postgres

extension Database {
    /// Runs `body` at most once for each `Idempotency-Key` of a principal, in one transaction with the record of its
    /// answer: the same key and body replay the answer (`Idempotent-Replayed: true`), another body is a 422, a request
    /// still in progress a 409, and a missing key a 400. Answers are kept at least 24 hours.
    /// The service's schema needs `Idempotency.migration`.
    public func idempotent(
        _ request: Request,
        context: AppContext,
        principal: Principal,
        schema: StaticString,
        body: (borrowing Transaction) async throws -> Response
    ) async throws -> Response { fatalError("stub") }
}
