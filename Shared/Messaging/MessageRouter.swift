public import Domain
public import Foundation
public import Postgres

/// The handlers of one subscription. A subscription receives the messages of one topic; types without a handler are
/// left untouched.
///
/// Not promised: a type that gets its first handler in a new release is not handled where an old replica still owns the
/// lane. Deploy the handler before the publisher.
public struct MessageRouter: Sendable {
    /// The subscription's name, unique in the database: by custom `<service>.<topic>`.
    public let subscription: String
    public let topic: Topic
    public var retryPolicy = RetryPolicy()

    /// Whether later messages of a key wait behind one that failed, in their order, until it was handled, discarded or
    /// declared dead: then they flow again. (A dead message does not hold up its followers; where it must, give the
    /// policy no end of attempts.) Otherwise they are handled while the failed one waits for its next attempt.
    public var isStrict = false

    /// Where the subscription begins when it is first declared.
    public var beginning = Beginning.start

    typealias Handler = @Sendable (StoredMessage, Delivery, borrowing Transaction) async throws -> Void
    private(set) var handlers: [String: Handler] = [:]
    private(set) var types: [String] = []
    /// The types without their major version. Another version of a known type is a dead letter, not an unknown type.
    private(set) var families: [String] = []

    public init(subscription: String, topic: Topic) {
        self.subscription = subscription
        self.topic = topic
    }

    /// Handles messages of `type`, in one transaction with their acknowledgement, with the message's tenant set.
    /// A thrown error rolls back what the handler did and leads to a retry with backoff; `MessageDisposition` to
    /// what it says.
    ///
    /// The effect on the database happens exactly once. The handler itself may run more often, since the transaction
    /// may be rolled back and begun anew: it must not do what can't be rolled back.
    public mutating func on<M: Message>(
        _ type: M.Type,
        _ handler: @escaping @Sendable (M, Delivery, borrowing Transaction) async throws -> Void
    ) {
        precondition(M.topic == topic, "\(M.type) is not a message of topic \(topic.rawValue)")
        precondition(handlers[M.type] == nil, "\(M.type) has a handler already")
        types = (types + [M.type]).sorted()
        families = types.map(Self.family(of:))
        handlers[M.type] = { stored, delivery, tx in
            try await handler(stored.decode(M.self), delivery, tx)
        }
    }

    private static func family(of type: String) -> String {
        guard let dot = type.lastIndex(of: ".") else { return type }
        let version = type[type.index(after: dot)...]
        guard version.first == "v", version.dropFirst().allSatisfy(\.isNumber), version.count > 1 else { return type }
        return String(type[..<dot])
    }
}

/// With which messages of its topic a subscription begins.
public enum Beginning: Sendable {
    /// With the first that the log still holds.
    case start
    /// With the first whose transaction commits from now on.
    case now
    /// With the first that was published at this time or later; a few earlier ones may come too, where transactions
    /// overlapped.
    case time(Date)

    /// As `queue.declare` and `queue.replay` understand it.
    var sql: SQL {
        switch self {
        case .start: "'-infinity'::timestamptz"
        case .now: "'infinity'::timestamptz"
        case .time(let date): "\(date)::timestamptz"
        }
    }
}

/// Thrown by a handler to say what becomes of the message.
public enum MessageDisposition: Error, Sendable {
    /// Not to be handled, now or later; goes to the dead letters with the reason.
    case discard(String)
    /// Again after this time; counts as an attempt.
    case retry(after: Duration)
}

/// When a failed message is tried again: after twice the time each time, give or take a half, up to the maximum.
public struct RetryPolicy: Sendable {
    /// The message is dead when it has failed so often.
    public var maximumAttempts = 8
    public var initialBackoff: Duration = .seconds(1)
    public var maximumBackoff: Duration = .seconds(600)
    public init() {}

    /// The wait after `attempt` failed; `jitter` is from 0.5 to 1.5.
    func backoff(after attempt: Int, jitter: Double = .random(in: 0.5...1.5)) -> Duration {
        var backoff = initialBackoff
        for _ in 1..<max(attempt, 1) where backoff < maximumBackoff { backoff *= 2 }
        return min(backoff, maximumBackoff) * jitter
    }
}
