import Domain
import Foundation
import Messaging
import ServiceKit

/// What the page about the queue shows: figures and failures, and nothing of the people concerned.
struct QueuePage: Sendable {
    struct Labels: Sendable {
        let title, topics, topic, lanes, published, subscriptions, subscription, lag, seconds, retries, dead, handled,
            owners, mails, state, count, messages, mailFailures, type, reason, attempt, time, none: String
    }

    struct Topic: Sendable {
        let name, lanes, published: String
    }

    struct Subscription: Sendable {
        let name, topic, lanes, lag, seconds, retries, dead, handled, owners: String
    }

    struct Count: Sendable {
        let state, count: String
    }

    struct Failure: Sendable {
        let type, attempt, reason, time: String
    }

    let label: Labels
    let topics: [Topic]
    let subscriptions: [Subscription]
    let mails: [Count]
    let messages: [Failure]
    let failedMails: [Failure]
    let hasMessages: Bool
    let hasFailedMails: Bool
}

extension QueuePage.Topic {
    init(_ topic: QueueInspector.TopicState) {
        self.init(name: topic.topic, lanes: String(topic.lanes), published: String(topic.published))
    }
}

extension QueuePage.Subscription {
    init(_ state: QueueInspector.SubscriptionState) {
        self.init(
            name: state.subscription,
            topic: state.topic,
            lanes: String(state.lanes),
            lag: String(state.lag),
            seconds: String(Int(state.lagSeconds.rounded(.up))),
            retries: String(state.retries),
            dead: String(state.deadLetters),
            handled: String(state.handled),
            owners: String(state.owners.count)
        )
    }
}

extension QueuePage.Labels {
    init(_ strings: Strings, _ language: LanguageTag) {
        func say(_ key: String) -> String { strings("queue.\(key)", language) }
        self.init(
            title: say("title"),
            topics: say("topics"),
            topic: say("topic"),
            lanes: say("lanes"),
            published: say("published"),
            subscriptions: say("subscriptions"),
            subscription: say("subscription"),
            lag: say("lag"),
            seconds: say("seconds"),
            retries: say("retries"),
            dead: say("dead"),
            handled: say("handled"),
            owners: say("owners"),
            mails: say("mails"),
            state: say("state"),
            count: say("count"),
            messages: say("messages"),
            mailFailures: say("mail-failures"),
            type: say("type"),
            reason: say("reason"),
            attempt: say("attempt"),
            time: say("time"),
            none: say("none")
        )
    }
}
