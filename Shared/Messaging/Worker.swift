import Foundation
import Logging
import Postgres
import Synchronization

/// One life of a consumer: its identity, its subscriptions, and what it does with them.
final class Worker: Sendable {
    let consumer: Consumer
    let ownership: LaneOwnership
    /// Declared subscriptions by their number.
    private let declared = Mutex<[Int32: MessageRouter]>([:])

    init(_ consumer: Consumer) {
        self.consumer = consumer
        ownership = LaneOwnership(
            database: consumer.database,
            worker: UUID(),
            lease: consumer.options.leaseTime,
            careful: consumer.options.batchSize
        )
    }

    var routers: [Int32: MessageRouter] { declared.withLock { $0 } }

    func declareSubscriptions() async throws {
        for router in consumer.routers {
            let subscription = try await ownership.declare(router)
            declared.withLock { $0[subscription] = router }
        }
    }

    /// Renews the lease and takes what lanes are free up to this worker's share. Tells the lanes taken, and for each
    /// subscription how many it holds too many.
    func spread(holding: [Lane]) async throws -> (taken: [LaneCursor], surplus: [Int32: Int]) {
        let isNew = try await ownership.renew(subscriptions: routers.keys.sorted())
        var taken: [LaneCursor] = []
        var surplus: [Int32: Int] = [:]
        for subscription in routers.keys {
            let held = Set(holding.filter { $0.subscription == subscription }.map(\.number))
            let spread = try await ownership.spread(of: subscription)
            let wanted = spread.wanted(by: ownership.worker, holding: held)
            taken += try await ownership.take(wanted, of: subscription)
            surplus[subscription] = spread.surplus(of: ownership.worker, holding: held)
        }
        if isNew { try await ownership.ring() }
        return (taken, surplus)
    }

    func deliver(_ cursor: LaneCursor) async throws -> LaneDelivery.Outcome {
        guard let router = routers[cursor.lane.subscription] else { return .init(cursor: cursor) }
        return try await LaneDelivery(
            database: consumer.database,
            router: router,
            worker: ownership.worker,
            batchSize: consumer.options.batchSize,
            logger: consumer.logger
        ).deliverBatch(of: cursor)
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

    func maintain() async throws {
        try await consumer.database.query("SELECT queue.rotate()")
        try await consumer.database.query("SELECT queue.trim()")
        try await consumer.database.query(TimeStatements.forgetKeys)
        let names = Set(consumer.routers.map(\.subscription))
        for state in try await QueueInspector(database: consumer.database).subscriptions()
        where names.contains(state.subscription) {
            QueueMetrics.state(state)
        }
    }
}

extension Worker {
    /// Lane after lane until a whole round finds nothing, since handlers may publish too.
    func drain(includingRetries: Bool) async throws -> Int {
        try await declareSubscriptions()
        var lanes = try await spread(holding: []).taken
        var total = 0
        while true {
            var handled = 0
            var hasMore = false
            try await TimerPump(database: consumer.database, logger: consumer.logger).fireAll()
            if includingRetries {
                try await consumer.database.execute(FailureStatements.makeDue(subscriptions: Array(routers.keys)))
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
            try await ownership.renew(subscriptions: routers.keys.sorted())
        }
        for lane in lanes { try await ownership.giveBack(lane) }
        return total
    }
}
