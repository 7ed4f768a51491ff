public import Domain
public import Postgres

/// The handlers of one subscription. A subscription receives the messages of one topic; types without a handler are
/// left untouched.
public struct MessageRouter: Sendable {
    /// The subscription's name, unique in the database: by custom `<service>.<topic>`.
    public let subscription: String
    public let topic: Topic
    public var retryPolicy = RetryPolicy()

    public init(subscription: String, topic: Topic) {
        self.subscription = subscription
        self.topic = topic
    }

    /// Handles messages of `type`, in one transaction with their acknowledgement, with the message's tenant set.
    /// A thrown error rolls back what the handler did and leads to a retry with backoff; `MessageDisposition` to
    /// what it says.
    public mutating func on<M: Message>(
        _ type: M.Type,
        _ handler: @escaping @Sendable (M, Delivery, borrowing Transaction) async throws -> Void
    ) { fatalError("stub") }
}

/// Thrown by a handler to say what becomes of the message.
public enum MessageDisposition: Error, Sendable {
    /// Not to be handled, now or later; goes to the dead letters with the reason.
    case discard(String)
    /// Again after this time; counts as an attempt.
    case retry(after: Duration)
}

public struct RetryPolicy: Sendable {
    public var maximumAttempts = 8
    public var initialBackoff: Duration = .seconds(1)
    public var maximumBackoff: Duration = .seconds(600)
    public init() {}
}
