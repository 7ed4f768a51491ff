import Domain
import Logging
import Postgres
import ServiceLifecycle
import Synchronization

/// Runs a worker: hears doorbells and timers, does what the board decides, and keeps the lease while it lives.
struct ConsumerLoop: Sendable {
    private enum Event: Sendable {
        case rung(channel: String)
        case pollDue, spreadDue, maintenanceDue, stop, resigned
        case spread(Worker.Share)
        case delivered(LaneCursor, hasMore: Bool)
        case retriesDelivered(subscription: Int32, hasMore: Bool)
        /// Given back, lost to another worker, or dropped after an error: the ledger knows more.
        case dropped(Lane)
    }

    /// How long a lane, or the retries, are worked on while others wait.
    private static let turn: Duration = .milliseconds(10)

    private let worker: Worker
    private let events: AsyncStream<Event>
    private let sink: AsyncStream<Event>.Continuation
    private let isStopping = StopFlag()
    private let timers: TimerPump

    init(_ worker: Worker) {
        self.worker = worker
        timers = TimerPump(database: worker.consumer.database, logger: worker.consumer.logger)
        (events, sink) = AsyncStream.makeStream()
    }

    private var options: Consumer.Options { worker.consumer.options }
    private var logger: Logger { worker.consumer.logger }

    func run() async throws {
        try await withGracefulShutdownHandler {
            guard try await declare() else { return }
            await withDiscardingTaskGroup { group in
                group.addTask { await tick(.pollDue, every: options.pollInterval) }
                group.addTask { await tick(.spreadDue, every: options.spreadInterval) }
                group.addTask { await tick(.maintenanceDue, every: options.maintenanceInterval) }
                group.addTask { await listen() }
                group.addTask { await timers.run() }
                await deliver(in: &group)
                group.cancelAll()
            }
            try Task.checkCancellation()
            await attempt("end the lease") { try await worker.life.end() }
        } onGracefulShutdown: {
            isStopping.set()
            sink.yield(.stop)
        }
    }

    private func deliver(in group: inout DiscardingTaskGroup) async {
        let routers = worker.routers
        var board = LaneBoard(subscriptions: Array(routers.keys), concurrency: options.concurrency)
        // One spread at a time: a second one would take the lanes of the first again.
        var isSpreading = false
        var isSpreadWanted = true
        sink.yield(.pollDue)
        for await event in events {
            switch event {
            case .rung(Doorbell.lanes), .spreadDue: isSpreadWanted = true
            case .rung(Doorbell.timers): timers.ring()
            case .rung(let channel):
                for (id, router) in routers where Doorbell.channel(of: router.topic) == channel { board.wake(id) }
            case .pollDue: board.wakeAll()
            case .maintenanceDue: group.addTask { await attempt("maintain the queue") { try await worker.maintain() } }
            case .stop: group.addTask { await resign() }
            case .resigned: board.stop()
            case .spread(let share):
                isSpreading = false
                for lane in share.lost { board.lose(lane) }
                for cursor in share.taken { board.add(cursor) }
                for (subscription, count) in share.surplus { board.giveUp(count, of: subscription) }
            case .delivered(let cursor, let hasMore):
                board.finished(.lane(cursor.lane), cursor: cursor, hasMore: hasMore)
            case .retriesDelivered(let id, let hasMore):
                board.finished(.retries(subscription: id), cursor: nil, hasMore: hasMore)
            case .dropped(let lane): board.remove(lane)
            }
            for action in board.takeActions() { group.addTask { await perform(action) } }
            if isSpreadWanted && !isSpreading {
                isSpreadWanted = false
                isSpreading = true
                group.addTask { [lanes = board.lanes] in await spread(holding: lanes) }
            }
            if board.isFinished && !isSpreading { return }
        }
    }

    private func perform(_ action: LaneBoard.Action) async {
        switch action {
        case .deliver(let cursor):
            do {
                let outcome = try await worker.deliver(cursor, while: turn()) { [isStopping] in isStopping.isSet }
                sink.yield(.delivered(outcome.cursor, hasMore: outcome.hasMore))
            } catch let error as LaneNotReached {
                if !Task.isCancelled {
                    logger.error("cannot deliver: \(error.cause)", metadata: ["lane": "\(cursor.lane)"])
                }
                sink.yield(.delivered(error.lane, hasMore: false))
            } catch {
                if error is LaneLost {
                    logger.notice("lane was taken over", metadata: ["lane": "\(cursor.lane)"])
                } else if !Task.isCancelled {
                    logger.error("cannot deliver: \(error)", metadata: ["lane": "\(cursor.lane)"])
                }
                sink.yield(.dropped(cursor.lane))
            }
        case .deliverRetries(let subscription):
            var hasMore = false
            await attempt("deliver retries") {
                hasMore = try await worker.deliverRetries(of: subscription, while: turn()).hasMore
            }
            sink.yield(.retriesDelivered(subscription: subscription, hasMore: hasMore))
        case .giveBack(let cursors):
            var areGiven = false
            await attempt("give lanes back") {
                try await worker.ownership.giveBack(cursors)
                areGiven = true
            }
            if areGiven || isStopping.isSet {
                for cursor in cursors { sink.yield(.dropped(cursor.lane)) }
            } else {
                // They are still to be given back.
                try? await Task.sleep(for: options.pollInterval)
                for cursor in cursors { sink.yield(.delivered(cursor, hasMore: false)) }
            }
        }
    }

    /// Whether one turn, which begins now, goes on: batch after batch, for as long as the others can wait, since to go by
    /// the board between two of them costs as much as a small one.
    private func turn() -> @Sendable () -> Bool {
        let end = ContinuousClock.now + Self.turn
        return { [isStopping] in !isStopping.isSet && .now < end }
    }

    private func spread(holding lanes: [Lane]) async {
        var share = Worker.Share()
        await attempt("share the lanes") {
            if isStopping.isSet {
                try await worker.life.renew()
            } else {
                share = try await worker.spread(holding: lanes)
            }
        }
        sink.yield(.spread(share))
    }

    /// Gives up the share in the lanes first, so that the others take them as soon as they are given back.
    private func resign() async {
        worker.life.serve([])
        await attempt("resign") { try await worker.life.renew() }
        sink.yield(.resigned)
    }

    /// Waits for a database that can't be reached yet. Tells false where the shutdown comes first.
    private func declare() async throws -> Bool {
        while !isStopping.isSet {
            do {
                try await worker.declareSubscriptions()
                return true
            } catch let error as PostgresError where error.sqlState == nil || error.isOfConnection {
                logger.error("cannot declare the subscriptions: \(error)")
                try await Task.sleep(for: .seconds(1))
            }
        }
        return false
    }

    /// Hears the doorbells, on a connection that holds the worker's lock. Where that is not to be had (behind a pooler),
    /// polling and the lease are enough.
    private func listen() async {
        let (database, life) = (worker.consumer.database, worker.life)
        guard database.configuration.listensDirectly else { return }
        await attempt("hear doorbells") {
            let topics = worker.consumer.routers.map { Doorbell.channel(of: $0.topic) }
            let channels = Set(topics).sorted() + [Doorbell.lanes, Doorbell.timers]
            for try await bell in database.listen(to: channels, opening: life.usesLock ? [life.takeLock] : []) {
                if life.usesLock { life.lockWasTaken() }
                sink.yield(.rung(channel: bell.channel))
            }
        }
    }

    private func tick(_ event: Event, every interval: Duration) async {
        while (try? await Task.sleep(for: interval)) != nil { sink.yield(event) }
    }

    private func attempt(_ what: StaticString, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            if !Task.isCancelled { logger.error("cannot \(what): \(error)") }
        }
    }
}

/// Set once.
private final class StopFlag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
