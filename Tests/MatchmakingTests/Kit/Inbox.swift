import Domain
import Logging
import Messaging
import Postgres
import Synchronization
import TestKit

/// Everything that Matchmaking published, as a subscriber gets it.
struct Inbox: Sendable {
    var invited: [RankingInvited] = []
    var rounds: [RoundPublished] = []
    var placements: [PlacementPublished] = []
    var tenants: Set<TenantID> = []

    static func read(_ office: Office) async throws -> Inbox {
        let inbox = Mutex(Inbox())
        var router = MessageRouter(subscription: "test.matchmaking-\(TenantID())", topic: .matchmaking)
        router.on(RankingInvited.self) { message, delivery, _ in
            inbox.withLock {
                $0.invited.append(message)
                $0.tenants.insert(delivery.tenant)
            }
        }
        router.on(RoundPublished.self) { message, _, _ in inbox.withLock { $0.rounds.append(message) } }
        router.on(PlacementPublished.self) { message, _, _ in inbox.withLock { $0.placements.append(message) } }
        let consumer = Consumer(
            database: office.service.database,
            routers: [router],
            logger: Logger(label: "inbox")
        )
        try await consumer.drain()
        return inbox.withLock { $0 }
    }
}
