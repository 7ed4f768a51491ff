import Domain
import Foundation
import Messaging
import Postgres

/// Turns what happened elsewhere into mails, in the transaction of the delivery.
struct OutgoingHandlers: Sendable {
    let store: OutgoingStore
    /// What stands behind the @ of message ids.
    let domain: String

    var routers: [MessageRouter] { [events, matchmaking] }

    private var events: MessageRouter {
        var router = MessageRouter(subscription: "notifications.events", topic: .events)
        router.on(RegistrationConfirmed.self) { message, delivery, tx in
            let facts = RegistrationFacts(id: message.registrationID, event: message.event, sequence: message.sequence)
            add(message.wasWaiting ? .movedUp(facts) : .confirmed(facts), to: message.recipient, for: delivery, in: tx)
        }
        router.on(RegistrationWaiting.self) { message, delivery, tx in
            let facts = RegistrationFacts(id: message.registrationID, event: message.event, sequence: message.sequence)
            add(.waiting(facts, position: message.position), to: message.recipient, for: delivery, in: tx)
        }
        router.on(RegistrationCancelled.self) { message, delivery, tx in
            let facts = RegistrationFacts(id: message.registrationID, event: message.event, sequence: message.sequence)
            let hadPlace = try await store.hasInvited(facts.id, tenant: delivery.tenant, in: tx)
            add(.cancelled(facts, hadPlace: hadPlace), to: message.recipient, for: delivery, in: tx)
        }
        router.on(RegistrationLinkRequested.self) { message, delivery, tx in
            let facts = RegistrationFacts(id: message.registrationID, event: message.event)
            add(.linkRequested(facts), to: message.recipient, for: delivery, in: tx)
        }
        return router
    }

    private var matchmaking: MessageRouter {
        var router = MessageRouter(subscription: "notifications.matchmaking", topic: .matchmaking)
        router.on(RankingInvited.self) { message, delivery, tx in
            let facts = ApplicantFacts(id: message.applicantID, cohortTitle: message.cohortTitle)
            add(.rankingInvited(facts, deadline: message.deadline), to: message.recipient, for: delivery, in: tx)
        }
        router.on(PlacementPublished.self) { message, delivery, tx in
            let facts = ApplicantFacts(id: message.applicantID, cohortTitle: message.cohortTitle)
            let content = message.firm.map { firm in
                MailContent.placed(facts, firm: firm, deadline: message.answerDeadline)
            }
            add(content ?? .unplaced(facts), to: message.recipient, for: delivery, in: tx)
        }
        router.on(PlacementAccepted.self) { message, delivery, tx in
            add(.accepted, of: message.placement, for: delivery, in: tx)
        }
        router.on(PlacementDeclined.self) { message, delivery, tx in
            add(.declined, of: message.placement, for: delivery, in: tx)
        }
        router.on(PlacementExpired.self) { message, delivery, tx in
            add(.expired, of: message.placement, for: delivery, in: tx)
        }
        router.on(PlacementWithdrawn.self) { message, delivery, tx in
            let news: OfferNews = message.subject == .applicant ? .withdrawn : .revoked
            add(news, of: message.placement, for: delivery, in: tx)
        }
        router.on(DeferralDecided.self) { message, delivery, tx in
            let news: OfferNews = message.deadline == nil ? .deferred : .deferralRefused
            add(news, of: message.placement, deadline: message.deadline, for: delivery, in: tx)
        }
        router.on(ApplicantWithdrew.self) { message, delivery, tx in
            let facts = ApplicantFacts(id: message.applicantID, cohortTitle: message.cohortTitle)
            add(.applicantWithdrew(facts), to: message.recipient, for: delivery, in: tx)
        }
        router.on(CohortNews.self) { message, delivery, tx in
            let facts = MemberFacts(member: message.member, cohortTitle: message.cohortTitle)
            let content = MailContent.cohort(message.step, facts, deadline: message.deadline)
            add(content, to: message.recipient, for: delivery, in: tx)
        }
        router.on(ActionReminded.self) { message, delivery, tx in
            let facts = MemberFacts(member: message.member, cohortTitle: message.cohortTitle)
            add(
                .reminder(message.action, facts, count: message.count, deadline: message.deadline),
                to: message.recipient,
                for: delivery,
                in: tx
            )
        }
        return router
    }

    private func add(
        _ news: OfferNews,
        of placement: PlacementFacts,
        deadline: Date? = nil,
        for delivery: Delivery,
        in tx: borrowing Transaction
    ) {
        let facts = ApplicantFacts(id: placement.applicantID, cohortTitle: placement.cohortTitle)
        let content = MailContent.offer(news, facts, firm: placement.firm, deadline: deadline)
        add(content, to: placement.recipient, for: delivery, in: tx)
    }

    private func add(
        _ content: MailContent,
        to recipient: Recipient,
        for delivery: Delivery,
        in tx: borrowing Transaction
    ) {
        let id = ID<OutgoingMail>()
        let mail = NewMail(
            id: id,
            tenant: delivery.tenant,
            sourceMessage: delivery.id,
            content: content,
            recipient: recipient,
            messageID: "\(id)@\(domain)",
            traceparent: delivery.traceparent,
            createdAt: Date()
        )
        store.add(mail, in: tx)
    }
}
