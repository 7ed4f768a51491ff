import Domain
import Messaging
import Synchronization
import TestKit

/// Everything that Matchmaking publishes from the moment this is made, as a subscriber gets it.
final class Inbox: Sendable {
    struct Received: Sendable {
        var invited: [RankingInvited] = []
        var rounds: [RoundPublished] = []
        var placements: [PlacementPublished] = []
        var accepted: [PlacementAccepted] = []
        var declined: [PlacementDeclined] = []
        var expired: [PlacementExpired] = []
        var withdrawn: [PlacementWithdrawn] = []
        var deferrals: [DeferralDecided] = []
        var opened: [CohortOpened] = []
        var rankingOpened: [RankingOpened] = []
        var locked: [CohortLocked] = []
        var closed: [CohortClosed] = []
        var news: [CohortNews] = []
        var reminded: [ActionReminded] = []
        var left: [ApplicantWithdrew] = []
        var tenants: Set<TenantID> = []
    }

    private let box: Box
    private let consumer: Consumer

    init(_ service: TestService) async throws {
        let box = Box()
        var router = MessageRouter(subscription: "test.matchmaking", topic: .matchmaking)
        router.on(RankingInvited.self) { message, delivery, _ in
            box.received.withLock {
                $0.invited.append(message)
                $0.tenants.insert(delivery.tenant)
            }
        }
        router.on(RoundPublished.self) { message, _, _ in box.received.withLock { $0.rounds.append(message) } }
        router.on(PlacementPublished.self) { message, _, _ in box.received.withLock { $0.placements.append(message) } }
        router.on(PlacementAccepted.self) { message, _, _ in box.received.withLock { $0.accepted.append(message) } }
        router.on(PlacementDeclined.self) { message, _, _ in box.received.withLock { $0.declined.append(message) } }
        router.on(PlacementExpired.self) { message, _, _ in box.received.withLock { $0.expired.append(message) } }
        router.on(PlacementWithdrawn.self) { message, _, _ in box.received.withLock { $0.withdrawn.append(message) } }
        router.on(DeferralDecided.self) { message, _, _ in box.received.withLock { $0.deferrals.append(message) } }
        router.on(CohortOpened.self) { message, _, _ in box.received.withLock { $0.opened.append(message) } }
        router.on(RankingOpened.self) { message, _, _ in box.received.withLock { $0.rankingOpened.append(message) } }
        router.on(CohortLocked.self) { message, _, _ in box.received.withLock { $0.locked.append(message) } }
        router.on(CohortClosed.self) { message, _, _ in box.received.withLock { $0.closed.append(message) } }
        router.on(CohortNews.self) { message, _, _ in box.received.withLock { $0.news.append(message) } }
        router.on(ActionReminded.self) { message, _, _ in box.received.withLock { $0.reminded.append(message) } }
        router.on(ApplicantWithdrew.self) { message, _, _ in box.received.withLock { $0.left.append(message) } }
        self.box = box
        consumer = Consumer(database: service.database, routers: [router], logger: TestDatabase.quietLogger)
        try await consumer.drain()
    }

    /// All that has arrived so far.
    func read() async throws -> Received {
        try await consumer.drain()
        return box.received.withLock { $0 }
    }

    private final class Box: Sendable {
        let received = Mutex(Received())
    }
}
