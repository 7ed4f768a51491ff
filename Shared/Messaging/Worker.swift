import Foundation
import Logging
import Postgres
import Synchronization

/// One life of a consumer: its identity, its subscriptions, and what it does with them.
final class Worker: Sendable {
    let consumer: Consumer
    let life: WorkerLife
    let ownership: LaneOwnership
    /// Declared subscriptions by their number.
    private let declared = Mutex<[Int32: MessageRouter]>([:])
    private let alarm = LagAlarm()

    init(_ consumer: Consumer) {
        self.consumer = consumer
        life = WorkerLife(database: consumer.database, options: consumer.options)
        ownership = LaneOwnership(
            database: consumer.database,
            worker: life.id,
            careful: consumer.options.batchSize
        )
    }

    var routers: [Int32: MessageRouter] { declared.withLock { $0 } }

    func declareSubscriptions() async throws {
        for router in consumer.routers {
            let subscription = try await ownership.declare(router)
            declared.withLock { $0[subscription] = router }
        }
        life.serve(routers.keys.sorted())
    }

    struct Share: Sendable {
        var taken: [LaneCursor] = []
        /// Held no more.
        var lost: [Lane] = []
        /// How many lanes of each subscription are to be given back.
        var surplus: [Int32: Int] = [:]
    }

    /// Renews the lease and takes what lanes are free up to this worker's share.
    func spread(holding: [Lane]) async throws -> Share {
        let isNew = try await life.renew()
        var share = Share()
        for (subscription, spread) in try await ownership.spreads(of: Array(routers.keys)) {
            var held = Set(holding.filter { $0.subscription == subscription }.map(\.number))
            let lost = spread.lost(by: life.id, holding: held)
            held.subtract(lost)
            share.lost += lost.map { Lane(subscription: subscription, number: $0) }
            let wanted = spread.wanted(by: life.id, holding: held).filter { !lost.contains($0) }
            share.taken += try await ownership.take(wanted, of: subscription)
            share.surplus[subscription] = spread.surplus(of: life.id, holding: held)
        }
        if isNew { try await life.ring() }
        return share
    }

    /// One batch, and more of them while there are more and it `isWanted`. Ends the one in hand with its present message
    /// when `isStopping`.
    func deliver(
        _ cursor: LaneCursor,
        while isWanted: @Sendable () -> Bool = { false },
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) async throws -> LaneDelivery.Outcome {
        guard let router = routers[cursor.lane.subscription] else { return .init(cursor: cursor) }
        return try await LaneDelivery(
            database: consumer.database,
            router: router,
            worker: life.id,
            batchSize: consumer.options.batchSize,
            isStopping: isStopping,
            logger: consumer.logger
        ).deliver(cursor, while: isWanted)
    }

    /// One claimed retry after the other, while `isWanted`.
    func deliverRetries(
        of subscription: Int32,
        while isWanted: @Sendable () -> Bool = { true }
    ) async throws -> RetryDelivery.Outcome {
        guard let router = routers[subscription] else { return .init() }
        return try await RetryDelivery(
            database: consumer.database,
            router: router,
            subscription: subscription,
            lease: consumer.options.leaseTime * 3,
            logger: consumer.logger
        ).deliverDue(while: isWanted)
    }

    /// Does all of it that can be done, and throws what went wrong first.
    func maintain() async throws {
        var failure: (any Error)?
        for step in [rotate, trim, watch] {
            do { try await step() } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    private func rotate() async throws {
        while let step = try await consumer.database.query("SELECT queue.rotate() IS NOT NULL").first,
            try step.decode(Bool.self)
        {}
    }

    private func trim() async throws {
        try await consumer.database.query("SELECT queue.trim()")
        try await consumer.database.query(TimeStatements.forgetKeys)
    }

    private func watch() async throws {
        let names = Set(consumer.routers.map(\.subscription))
        let inspector = QueueInspector(database: consumer.database)
        let states = try await inspector.subscriptions()
        try await QueueGauges(inspector: inspector).set(states.filter { names.contains($0.subscription) })
        // For those too that nobody works on, and who could not tell themselves.
        alarm.look(
            at: states.filter { names.contains($0.subscription) || $0.owners.isEmpty },
            limit: consumer.options.lagLimit,
            logger: consumer.logger
        )
    }
}

extension Worker {
    /// Lane after lane until a whole round finds nothing, since handlers may publish too.
    func drain(includingRetries: Bool) async throws -> Int {
        do {
            return try await drainAll(includingRetries: includingRetries)
        } catch let error as LaneNotReached {
            throw error.cause
        }
    }

    private func drainAll(includingRetries: Bool) async throws -> Int {
        try await declareSubscriptions()
        var lanes: [LaneCursor] = []
        var total = 0
        while true {
            var handled = 0
            // Some may have come free, or have opened.
            let share = try await spread(holding: lanes.map(\.lane))
            lanes.removeAll { share.lost.contains($0.lane) }
            lanes += share.taken
            var hasMore = !share.taken.isEmpty || !share.lost.isEmpty
            try await TimerPump(database: consumer.database, logger: consumer.logger).fireAll()
            if includingRetries {
                for router in consumer.routers {
                    let makeDue = InspectorStatements.makeDue(subscription: router.subscription, id: nil)
                    try await consumer.database.execute(makeDue)
                }
            }
            for index in lanes.indices {
                let outcome = try await deliver(lanes[index])
                hasMore = hasMore || outcome.hasMore || outcome.cursor.seq > lanes[index].seq
                lanes[index] = outcome.cursor
                handled += outcome.handled
            }
            for subscription in routers.keys {
                let outcome = try await deliverRetries(of: subscription)
                hasMore = hasMore || outcome.tried > 0
                handled += outcome.handled
            }
            total += handled
            guard handled > 0 || hasMore else { break }
        }
        try await ownership.giveBack(lanes)
        return total
    }
}
