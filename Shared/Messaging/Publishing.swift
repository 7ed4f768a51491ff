public import Domain
import Foundation
public import Postgres

extension Database {
    /// A transaction that sees and writes the rows of one tenant only.
    public func transaction<Result: Sendable>(
        tenant: TenantID,
        readOnly: Bool = false,
        _ body: (borrowing Transaction) async throws -> Result
    ) async throws -> Result {
        try await transaction(
            TransactionOptions(settings: [Tenancy.setting: tenant.description], isReadOnly: readOnly),
            body
        )
    }
}

extension Transaction {
    /// Publishes in this transaction, for its tenant: the message exists if and only if the transaction commits.
    ///
    /// The tenant is the one that the transaction was begun with, or in a handler that of the message in hand.
    /// Throws `PublishingError.noTenant` where there is none. A topic that does not exist fails the commit (23502).
    public borrowing func publish<M: Message>(_ message: M) throws {
        try publish(contentsOf: [message])
    }

    /// Publishes many messages with one statement, in their order.
    public borrowing func publish<M: Message>(contentsOf messages: [M]) throws {
        guard !messages.isEmpty else { return }
        let tenant = try tenant(publishing: M.self)
        enqueue(QueueStatements.publish(messages, tenant: tenant, headers: TraceHeaders.current()))
        notifyAfterCommit(Doorbell.channel(of: M.topic))
        QueueMetrics.published(messages.count, topic: M.topic)
    }

    borrowing func tenant<M: Message>(publishing type: M.Type) throws -> TenantID {
        guard let tenant = currentTenant else { throw PublishingError.noTenant(type: M.type) }
        return tenant
    }

    /// The one that the transaction was begun with, or in a handler that of the message in hand.
    var currentTenant: TenantID? {
        settings[Tenancy.setting].flatMap(TenantID.init(_:)) ?? Tenancy.handled
    }
}

public enum PublishingError: Error, Hashable, CustomStringConvertible {
    case noTenant(type: String)

    public var description: String {
        switch self {
        case .noTenant(let type):
            "\(type) was published in a transaction without a tenant: begin it with transaction(tenant:)"
        }
    }
}

enum Tenancy {
    /// The transaction's setting that row-level security reads.
    static let setting = "tradewind.tenant"

    /// The tenant of the message that this task handles.
    @TaskLocal static var handled: TenantID?
}

/// Rung after a commit, so that consumers look before their next poll.
enum Doorbell {
    static func channel(of topic: Topic) -> String { "queue.\(topic.rawValue)" }

    /// Rung when lanes are given back or wanted, for the sake of an even spread.
    static let lanes = "queue lanes"

    /// Rung when a timer was set that is due soon.
    static let timers = "queue timers"
}
