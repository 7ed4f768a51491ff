public import Domain
public import Foundation
public import Postgres

extension Transaction {
    /// Publishes unless the tenant has published a message with this key on the topic within the window before, also in
    /// a transaction at the same moment: this one then waits for it, and publishes if it rolls back.
    ///
    /// The key has 1 to 255 characters; another fails the commit (23514). The first message's window counts. In a
    /// transaction of repeatable read or serializable, a rival's commit is a serialization failure (40001).
    public borrowing func publish<M: Message>(
        _ message: M,
        deduplicatedBy key: String,
        within window: Duration = .seconds(86_400)
    ) throws {
        try publish(contentsOf: [message], deduplicatedBy: { _ in key }, within: window)
    }

    /// Publishes many messages with one statement, in their order, and of those with one key the first.
    public borrowing func publish<M: Message>(
        contentsOf messages: [M],
        deduplicatedBy key: (M) -> String,
        within window: Duration = .seconds(86_400)
    ) throws {
        guard !messages.isEmpty else { return }
        let tenant = try tenant(publishing: M.self)
        enqueue(
            TimeStatements.publishOnce(
                messages,
                keys: messages.map(key),
                window: window,
                tenant: tenant,
                headers: TraceHeaders.current()
            )
        )
        notifyAfterCommit(Doorbell.channel(of: M.topic))
        QueueMetrics.published(messages.count, topic: M.topic)
    }

    /// Publishes when `time` has come by the database's clock, if this transaction commits: exactly once, in the order
    /// of the times. A time that is past means at once.
    ///
    /// A `timer` is a name, of 1 to 255 characters, to cancel it by; one of the same name, topic and tenant that is still
    /// to come is replaced. The message keeps the trace and the tenant of this transaction.
    ///
    /// It is a worker that publishes it: with no consumer running anywhere, it waits. Where doorbells are heard it enters
    /// the log within milliseconds of its time, and else within a second. If the clock is set forward, it comes as much
    /// earlier; set back, later.
    public borrowing func publish<M: Message>(_ message: M, at time: Date, timer key: String? = nil) throws {
        let tenant = try tenant(publishing: M.self)
        enqueue(
            TimeStatements.setTimer(message, at: time, key: key, tenant: tenant, headers: TraceHeaders.current())
        )
        if time.timeIntervalSinceNow < TimerPump.longestPause.seconds * 10 { notifyAfterCommit(Doorbell.timers) }
    }

    /// Keeps a timer of this tenant from coming, if this transaction commits. Tells whether it was still to come: if
    /// not, it is in the log already, was cancelled, or never was.
    @discardableResult
    public nonisolated(nonsending) borrowing func cancelTimer(_ key: String, of topic: Topic) async throws -> Bool {
        guard let tenant = currentTenant else { throw PublishingError.noTenant(type: "the end of a timer") }
        return try await execute(TimeStatements.cancelTimer(key, topic: topic, tenant: tenant)) > 0
    }
}
