import Foundation
import Logging
import Postgres

/// Delivers one batch of a lane: reads, handles, acknowledges.
struct LaneDelivery: Sendable {
    struct Outcome: Sendable {
        var cursor: LaneCursor
        var handled = 0
        /// More may lie beyond the cursor.
        var hasMore = false
    }

    let database: Database
    let router: MessageRouter
    let worker: UUID
    let batchSize: Int
    let logger: Logger

    /// Throws `LaneLost` where another worker has taken the lane; then nothing of the batch has happened.
    func deliverBatch(of lane: LaneCursor) async throws -> Outcome {
        let limit = lane.careful > 0 ? 1 : batchSize
        let reading = try await Reading(
            rows: database.query(QueueStatements.read(lane, limit: limit, router: router))
        )
        let next = lane.advanced(over: reading, limit: limit)
        let known = reading.messages.filter(\.isKnown)
        if reading.messages.isEmpty && lane.attempt == 0 {
            return Outcome(cursor: next, hasMore: lane.late != nil)
        }
        var outcome = Outcome(cursor: next, hasMore: reading.messages.count >= limit || lane.late != nil)
        do {
            outcome.handled = try await settle(known, of: lane, next: next)
        } catch {
            throw LaneLost(error) ?? error
        }
        outcome.cursor.seq += 1
        outcome.cursor.attempt = 0
        outcome.cursor.careful = max(0, lane.careful - max(1, reading.messages.count))
        outcome.cursor.handled += Int64(outcome.handled)
        QueueMetrics.handled(outcome.handled, subscription: router.subscription)
        return outcome
    }

    /// Tells how many were handled; the others were put aside.
    private func settle(_ messages: [StoredMessage], of lane: LaneCursor, next: LaneCursor) async throws -> Int {
        if let poison = messages.first, lane.attempt >= router.retryPolicy.maximumAttempts {
            return try await bury(poison, attempts: lane.attempt, next: next)
        }
        do {
            try await handleTogether(messages, next: next)
            return messages.count
        } catch {
            try Task.checkCancellation()
            if LaneLost(error) != nil || error.isOfConnection { throw error }
        }
        return try await handleOneByOne(messages, next: next)
    }

    /// The happy path: no savepoints.
    private func handleTogether(_ messages: [StoredMessage], next: LaneCursor) async throws {
        try await database.transaction { tx in
            tx.enqueue(QueueStatements.assignTransactionID)
            for message in messages {
                try await MessageHandling(router: router).handle(message, in: tx)
            }
            acknowledge(next, handled: messages.count, in: tx)
        }
    }

    /// After a failure: the same messages again, each under a savepoint, so that those that fail fail alone.
    private func handleOneByOne(_ messages: [StoredMessage], next: LaneCursor) async throws -> Int {
        let failures = try await database.transaction { tx in
            tx.enqueue(QueueStatements.assignTransactionID)
            var failures: [(StoredMessage, Failure)] = []
            for message in messages {
                do {
                    try await tx.savepoint { try await MessageHandling(router: router).handle(message, in: $0) }
                } catch {
                    try Task.checkCancellation()
                    if error.isOfConnection { throw error }
                    failures.append((message, Failure(of: error, attempt: 1, policy: router.retryPolicy)))
                }
            }
            for (message, failure) in failures {
                tx.enqueue(FailureStatements.record(failure, of: message, lane: next.lane))
            }
            acknowledge(next, handled: messages.count - failures.count, in: tx)
            return failures
        }
        for (message, failure) in failures { log(failure, of: message) }
        return messages.count - failures.count
    }

    private func bury(_ message: StoredMessage, attempts: Int, next: LaneCursor) async throws -> Int {
        let failure = Failure(of: WorkerEnded(attempts: attempts), attempt: attempts, policy: router.retryPolicy)
        try await database.transaction { tx in
            tx.enqueue(FailureStatements.record(failure, of: message, lane: next.lane))
            acknowledge(next, handled: 0, in: tx)
        }
        log(failure, of: message)
        return 0
    }

    /// Last in its transaction: until here a rival is not kept waiting. Travels with the commit.
    private func acknowledge(_ next: LaneCursor, handled: Int, in tx: borrowing Transaction) {
        var row = next
        row.attempt = 0
        row.handled += Int64(handled)
        tx.enqueue(QueueStatements.acknowledge(row, owner: worker))
    }

    private func log(_ failure: Failure, of message: StoredMessage) {
        failure.report(message, subscription: router.subscription, logger: logger)
    }
}

extension Error {
    /// The connection failed, not the statement: nothing is known of the message.
    var isOfConnection: Bool {
        switch (self as? PostgresError)?.code {
        case .connectionFailed, .connectionLost, .shutDown, .commitUnknown: true
        // Connection exceptions, and the server's or an operator's word that it ends.
        case .server(let state): state.hasPrefix("08") || state.hasPrefix("57P0")
        default: false
        }
    }
}
