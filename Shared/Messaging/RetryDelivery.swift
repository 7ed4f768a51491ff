import Foundation
import Logging
import Postgres

/// Delivers the failed messages of a subscription that have become due, each in a transaction of its own.
struct RetryDelivery: Sendable {
    let database: Database
    let router: MessageRouter
    let subscription: Int32
    /// How long a claim holds; a worker that vanished leaves its message unhandled so long.
    let lease: Duration
    let logger: Logger

    struct Outcome: Sendable {
        var tried = 0
        var handled = 0
        /// More may be due.
        var hasMore = false
    }

    func deliverDue(while isWanted: @Sendable () -> Bool) async throws -> Outcome {
        var outcome = Outcome(hasMore: true)
        while isWanted() {
            guard let message = try await claim() else {
                outcome.hasMore = false
                break
            }
            outcome.tried += 1
            if try await deliver(message) { outcome.handled += 1 }
        }
        QueueMetrics.handled(outcome.handled, subscription: router.subscription)
        return outcome
    }

    private func claim() async throws -> StoredMessage? {
        try await database.query(FailureStatements.claim(subscription: subscription, lease: lease)).first.map { row in
            try StoredMessage(
                row: row,
                position: nil,
                attempt: Int(row.decode(Int32.self, at: 7))
            )
        }
    }

    private func deliver(_ message: StoredMessage) async throws -> Bool {
        var hasBegun = false
        do {
            if message.attempt > router.retryPolicy.maximumAttempts {
                throw WorkerEnded(attempts: message.attempt - 1)
            }
            try await database.transaction { tx in
                hasBegun = true
                try await MessageHandling(router: router).handle(message, in: tx)
                tx.enqueue(FailureStatements.countRecovered(subscription: subscription))
                let end = try await tx.query(FailureStatements.end(message, subscription: subscription)).first
                guard let end, try end.decode(Bool.self) else { throw LaneLost() }
            }
            return true
        } catch is LaneLost {
            return false
        } catch {
            try Task.checkCancellation()
            if error.isOfConnection || !hasBegun && !(error is WorkerEnded) { throw error }
            let failure = Failure(of: error, attempt: message.attempt, policy: router.retryPolicy)
            try await database.execute(
                FailureStatements.record(failure, ofRetry: message, subscription: subscription)
            )
            failure.report(message, subscription: router.subscription, logger: logger)
            return false
        }
    }
}
