import Foundation
import Logging
import Postgres

/// Delivers a lane: reads, handles, acknowledges, batch after batch.
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

    /// Goes on while there is more and it `isWanted`. What is to be read next travels with the commit before it.
    ///
    /// Throws `LaneLost` where another worker has taken the lane, and `LaneNotReached` where it stands as that says; in
    /// both cases nothing of the batch in hand has happened.
    func deliver(_ lane: LaneCursor, while isWanted: @Sendable () -> Bool) async throws -> Outcome {
        var outcome = Outcome(cursor: lane)
        var upcoming: Reading?
        var isReadAlready = false
        repeat {
            let lane = outcome.cursor
            let reading = if let upcoming { upcoming } else { try await read(lane) }
            (upcoming, isReadAlready) = (nil, false)
            if reading.messages.isEmpty && lane.attempt == 0 {
                outcome.cursor = lane.advanced(over: reading, count: 0)
                outcome.hasMore = lane.late != nil
                continue
            }
            let (batch, rows) = try await settle(reading, of: lane, while: isWanted)
            for (message, failure) in batch.failures {
                failure.report(message, subscription: router.subscription, logger: logger)
            }
            QueueMetrics.handled(batch.handled, subscription: router.subscription)
            outcome.cursor = batch.settled
            outcome.handled += batch.handled
            outcome.hasMore = !batch.isWhole || batch.reading.isFull || lane.late != nil
            if batch.isWhole {
                // What can't be decoded is met again, and told, when it is read for itself.
                upcoming = rows.flatMap { try? Reading(rows: $0, limit: readingSize(of: outcome.cursor)) }
                isReadAlready = upcoming != nil
                outcome.cursor.readsAhead = lane.readsAhead || isWanted()
            } else {
                upcoming = batch.rest
            }
        } while outcome.hasMore && (isReadAlready || isWanted())
        // So much was read in vain; whoever has the time for several readings reads ahead again.
        if upcoming != nil { outcome.cursor.readsAhead = false }
        return outcome
    }

    private func batchSize(of lane: LaneCursor) -> Int { lane.careful > 0 ? 1 : max(1, batchSize) }

    /// Small batches are read several at a time, where they are handled quickly.
    private func readingSize(of lane: LaneCursor) -> Int {
        lane.careful > 0 || !lane.readsAhead ? batchSize(of: lane) : max(batchSize, 32)
    }

    private func statement(reading lane: LaneCursor) -> SQL {
        QueueStatements.read(lane, limit: readingSize(of: lane), router: router)
    }

    private func read(_ lane: LaneCursor) async throws -> Reading {
        do {
            return try await Reading(rows: database.query(statement(reading: lane)), limit: readingSize(of: lane))
        } catch {
            throw LaneNotReached(lane: lane, cause: error)
        }
    }

    /// What became of a batch of the reading, and what was read behind it.
    private func settle(
        _ reading: Reading,
        of lane: LaneCursor,
        while isWanted: () -> Bool
    ) async throws -> (LaneBatch, [Row]?) {
        let batch = LaneBatch(lane: lane, reading: reading, size: batchSize(of: lane))
        do {
            if lane.attempt >= router.retryPolicy.maximumAttempts, let buried = try await bury(batch) {
                return (buried, nil)
            }
            do {
                return try await handle(batch, underSavepoints: false, while: isWanted)
            } catch {
                try Task.checkCancellation()
                if error is LaneNotReached || LaneLost(error) != nil || error.isOfConnection { throw error }
            }
            // The same messages again, so that those that fail fail alone.
            return try await handle(batch, underSavepoints: true, while: isWanted)
        } catch {
            throw LaneLost(error) ?? error
        }
    }

    private func handle(
        _ begun: LaneBatch,
        underSavepoints: Bool,
        while isWanted: () -> Bool
    ) async throws -> (LaneBatch, [Row]?) {
        let next = { (batch: LaneBatch) in
            batch.isWhole && batch.reading.isFull && isWanted() ? statement(reading: batch.settled) : nil
        }
        return try await transaction(of: begun.lane, thenQuery: next) { tx in
            try await handle(begun, in: tx, underSavepoints: underSavepoints)
        }
    }

    /// Throws `LaneNotReached` where it did not even begin.
    private func transaction(
        of lane: LaneCursor,
        thenQuery next: (LaneBatch) -> SQL? = { _ in nil },
        _ body: (borrowing Transaction) async throws -> LaneBatch
    ) async throws -> (LaneBatch, [Row]?) {
        var options = TransactionOptions()
        // So that the next cursor has few late transactions to look for.
        options.assignsID = true
        var hasBegun = false
        do {
            return try await database.transaction(options, thenQuery: next) { tx in
                hasBegun = true
                return try await body(tx)
            }
        } catch  where !hasBegun {
            throw LaneNotReached(lane: lane, cause: error)
        }
    }

    private func handle(
        _ begun: LaneBatch,
        in tx: borrowing Transaction,
        underSavepoints: Bool
    ) async throws -> LaneBatch {
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
        guard var message = batch.upcoming, message.isKnown, !message.mustWait else { return nil }
        message.attempt = batch.lane.attempt
        let error = WorkerEnded(attempts: message.attempt)
        batch.count = 1
        batch.note(
            Failure(of: error, attempt: message.attempt, policy: router.retryPolicy),
            of: message,
            isStrict: router.isStrict
        )
        return try await transaction(of: batch.lane) { [batch] tx in
            end(batch, in: tx)
            return batch
        }.0
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
