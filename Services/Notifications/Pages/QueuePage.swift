import Domain
import Foundation
import Messaging
import ServiceKit

/// What the page about the queue shows: figures and failures, and nothing of the people concerned.
struct QueuePage: Sendable {
    struct Labels: Sendable {
        let title, topics, topic, lanes, published, subscriptions, subscription, lag, seconds, retries, dead, handled,
            owners, rate, paused, log, size, segments, kept, timers, next, schedules, schedule, rule, last, mails,
            state, count, messages,
            mailFailures, type, reason, attempt, time, none: String
    }

    struct Topic: Sendable {
        let name, lanes, published, rate: String
    }

    struct Subscription: Sendable {
        let name, topic, lanes, lag, seconds, retries, dead, handled, rate, owners: String
        let isPaused: Bool
    }

    struct Count: Sendable {
        let state, count: String
    }

    struct Failure: Sendable {
        let type, attempt, reason, time: String
    }

    struct Log: Sendable {
        let size, segments, kept: String
    }

    struct Timers: Sendable {
        let waiting, next: String
    }

    struct Schedule: Sendable {
        let name, rule, next, last: String
    }

    let label: Labels
    let topics: [Topic]
    let subscriptions: [Subscription]
    let log: Log
    let timers: Timers
    let schedules: [Schedule]
    let mails: [Count]
    let messages: [Failure]
    let failedMails: [Failure]
    let hasSchedules: Bool
    let hasMessages: Bool
    let hasFailedMails: Bool
}

extension QueuePage.Topic {
    init(_ topic: QueueInspector.TopicState) {
        self.init(
            name: topic.topic,
            lanes: String(topic.lanes),
            published: topic.published.figure(isAtLeast: topic.publishedIsAtLeast),
            rate: topic.publishedPerSecond.rate
        )
    }
}

extension QueuePage.Subscription {
    init(_ state: QueueInspector.SubscriptionState) {
        self.init(
            name: state.subscription,
            topic: state.topic,
            lanes: String(state.lanes),
            lag: state.lag.figure(isAtLeast: state.lagIsAtLeast),
            seconds: String(Int(state.lagSeconds.rounded(.up))),
            retries: state.retries.figure(isAtLeast: state.retriesAreAtLeast),
            dead: state.deadLetters.figure(isAtLeast: state.deadLettersAreAtLeast),
            handled: String(state.handled),
            rate: state.handledPerSecond.rate,
            owners: String(state.owners.count),
            isPaused: state.paused != nil
        )
    }
}

extension QueuePage.Timers {
    init(_ state: QueueInspector.TimersState, time: (Date) -> String) {
        self.init(
            waiting: state.waiting.figure(isAtLeast: state.waitingIsAtLeast),
            next: state.nextDue.map(time) ?? "–"
        )
    }
}

extension QueuePage.Log {
    init(_ state: QueueInspector.LogState) {
        self.init(
            size: (Double(state.bytes) / 1_048_576).rate,
            segments: String(state.segments),
            kept: (state.retentionSeconds / 3600).rate
        )
    }
}

extension Int {
    /// `10000+`: it was counted no further.
    fileprivate func figure(isAtLeast: Bool) -> String { isAtLeast ? "\(self)+" : "\(self)" }
}

extension Double {
    fileprivate var rate: String { formatted(.number.precision(.fractionLength(self > 0 && self < 10 ? 1 : 0))) }
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
            rate: say("rate"),
            paused: say("paused"),
            log: say("log"),
            size: say("size"),
            segments: say("segments"),
            kept: say("kept"),
            timers: say("timers"),
            next: say("next"),
            schedules: say("schedules"),
            schedule: say("schedule"),
            rule: say("rule"),
            last: say("last"),
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
