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
    /// Whether to end the batch with the message in hand.
    let isStopping: @Sendable () -> Bool
    let logger: Logger

    /// Throws `LaneLost` where another worker has taken the lane; then nothing of the batch has happened.
    func deliverBatch(of lane: LaneCursor) async throws -> Outcome {
        let limit = lane.careful > 0 ? 1 : batchSize
        let reading = try await Reading(
            rows: database.query(QueueStatements.read(lane, limit: limit, router: router))
        )
        if reading.messages.isEmpty && lane.attempt == 0 {
            return Outcome(cursor: lane.advanced(over: reading, count: 0, limit: limit), hasMore: lane.late != nil)
        }
        let batch: LaneBatch
        do {
            batch = try await settle(LaneBatch(lane: lane, reading: reading, limit: limit))
        } catch {
            throw LaneLost(error) ?? error
        }
        for (message, failure) in batch.failures {
            failure.report(message, subscription: router.subscription, logger: logger)
        }
        QueueMetrics.handled(batch.handled, subscription: router.subscription)
        var outcome = Outcome(cursor: batch.next, handled: batch.handled)
        outcome.hasMore = reading.messages.count >= limit || batch.count < reading.messages.count || lane.late != nil
        outcome.cursor.seq += 1
        outcome.cursor.careful = max(0, lane.careful - max(1, batch.count))
        return outcome
    }

    private func settle(_ batch: LaneBatch) async throws -> LaneBatch {
        if batch.lane.attempt >= router.retryPolicy.maximumAttempts, let buried = try await bury(batch) {
            return buried
        }
        do {
            return try await handle(batch, underSavepoints: false)
        } catch {
            try Task.checkCancellation()
            if LaneLost(error) != nil || error.isOfConnection { throw error }
        }
        // The same messages again, so that those that fail fail alone.
        return try await handle(batch, underSavepoints: true)
    }

    private func handle(_ begun: LaneBatch, underSavepoints: Bool) async throws -> LaneBatch {
        try await database.transaction { tx in
            tx.enqueue(QueueStatements.assignTransactionID)
            let handling = MessageHandling(router: router)
            var batch = begun
            while let message = batch.upcoming, batch.count == 0 || !isStopping() {
                batch.count += 1
                if !message.isKnown { continue }
                if batch.mustWait(message) {
                    batch.parked.append(message)
                } else if !underSavepoints {
                    try await handling.handle(message, in: tx)
                    batch.handled += 1
                } else if let failure = try await attempt({ try await handling.handle(message, in: $0) }, in: tx) {
                    batch.note(failure, of: message, isStrict: router.isStrict)
                } else {
                    batch.handled += 1
                }
            }
            end(batch, in: tx)
            return batch
        }
    }

    private func attempt(
        _ body: (borrowing Transaction) async throws -> Void,
        in tx: borrowing Transaction
    ) async throws -> Failure? {
        do {
            try await tx.savepoint(body)
            return nil
        } catch {
            try Task.checkCancellation()
            if error.isOfConnection { throw error }
            return Failure(of: error, attempt: 1, policy: router.retryPolicy)
        }
    }

    /// Declares the message dead that workers ended with again and again. (After a takeover a batch is one message.)
    private func bury(_ begun: LaneBatch) async throws -> LaneBatch? {
        var batch = begun
        guard let message = batch.upcoming, message.isKnown, !message.mustWait else { return nil }
        let error = WorkerEnded(attempts: batch.lane.attempt)
        batch.count = 1
        batch.note(
            Failure(of: error, attempt: batch.lane.attempt, policy: router.retryPolicy),
            of: message,
            isStrict: router.isStrict
        )
        return try await database.transaction { [batch] tx in
            end(batch, in: tx)
            return batch
        }
    }

    /// Last in its transaction: until here a rival is not kept waiting. Travels with the commit.
    private func end(_ batch: LaneBatch, in tx: borrowing Transaction) {
        for (message, failure) in batch.failures {
            tx.enqueue(FailureStatements.record(failure, of: message, lane: batch.lane.lane))
        }
        if !batch.parked.isEmpty { tx.enqueue(FailureStatements.park(batch.parked, lane: batch.lane.lane)) }
        tx.enqueue(QueueStatements.acknowledge(batch.next, owner: worker))
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
