public import Domain
public import Postgres

extension Database {
    /// A transaction that sees and writes the rows of one tenant only.
    public func transaction<Result: Sendable>(
        tenant: TenantID,
        readOnly: Bool = false,
        _ body: (borrowing Transaction) async throws -> Result
    ) async throws -> Result {
        try await transaction(
            TransactionOptions(settings: ["tradewind.tenant": tenant.description], isReadOnly: readOnly),
            body
        )
    }
}

extension Transaction {
    /// Publishes in this transaction, for its tenant: the message exists if and only if the transaction commits.
    /// Precondition: the transaction was begun with a tenant.
    public borrowing func publish<M: Message>(_ message: M) throws {
        try publish(contentsOf: [message])
    }

    /// Publishes many messages with one statement.
    public borrowing func publish<M: Message>(contentsOf messages: [M]) throws { fatalError("stub") }
}
