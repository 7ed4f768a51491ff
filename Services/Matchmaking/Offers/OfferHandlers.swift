import Domain
import Foundation
import Messaging
import Postgres

/// What Matchmaking does when its own timers and messages come.
struct OfferHandlers: Sendable {
    var router: MessageRouter {
        var router = MessageRouter(subscription: "matchmaking.matchmaking", topic: .matchmaking)
        router.on(AnswersDue.self) { message, delivery, tx in
            try await OfferDesk(tenant: delivery.tenant, actor: .deadline).expire(message, at: Date(), in: tx)
        }
        router.on(PlacesFreed.self) { message, delivery, tx in
            try await SupplementaryRounds(tenant: delivery.tenant, actor: .refill)
                .fill(message.cohortID, at: Date(), in: tx)
        }
        router.on(RankingsDue.self) { message, delivery, tx in
            try await RankingTimers(tenant: delivery.tenant).lock(message, at: Date(), in: tx)
        }
        router.on(RankingReminderDue.self) { message, delivery, tx in
            try await ReminderDesk(tenant: delivery.tenant, actor: .deadline).remind(message, at: Date(), in: tx)
        }
        return router
    }
}
