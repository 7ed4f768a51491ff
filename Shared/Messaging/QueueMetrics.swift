import Domain
import Logging
import Metrics

/// The queue's counters and gauges.
enum QueueMetrics {
    /// Counted when handed to a transaction: one that is rolled back is counted too.
    static func published(_ count: Int, topic: Topic) {
        Counter(label: "queue_published_total", dimensions: [("topic", topic.rawValue)]).increment(by: count)
    }

    static func handled(_ count: Int, subscription: String) {
        guard count > 0 else { return }
        Counter(label: "queue_handled_total", dimensions: [("subscription", subscription)]).increment(by: count)
    }

    static func failed(subscription: String, isDead: Bool) {
        Counter(
            label: isDead ? "queue_dead_total" : "queue_failed_total",
            dimensions: [("subscription", subscription)]
        ).increment()
    }

    static func timersFired(_ count: Int) {
        guard count > 0 else { return }
        Counter(label: "queue_timers_fired_total").increment(by: count)
    }

    static func scheduleFired(_ schedule: String) {
        Counter(label: "queue_schedule_fired_total", dimensions: [("schedule", schedule)]).increment()
    }

    static func scheduleFailed(_ schedule: String) {
        Counter(label: "queue_schedule_failed_total", dimensions: [("schedule", schedule)]).increment()
    }

    static func lagging(_ isLagging: Bool, subscription: String) {
        Gauge(label: "queue_lagging", dimensions: [("subscription", subscription)]).record(isLagging ? 1 : 0)
    }

    /// A lag in messages is counted to 10,000 for each lane, retries and dead letters to 10,000: a gauge that stands there
    /// means that or more. The lag in seconds has no limit.
    static func state(_ state: QueueInspector.SubscriptionState) {
        let dimensions = [("subscription", state.subscription)]
        Gauge(label: "queue_lag_messages", dimensions: dimensions).record(state.lag)
        Gauge(label: "queue_lag_seconds", dimensions: dimensions).record(state.lagSeconds)
        Gauge(label: "queue_retries", dimensions: dimensions).record(state.retries)
        Gauge(label: "queue_dead_letters", dimensions: dimensions).record(state.deadLetters)
        Gauge(label: "queue_handled_per_second", dimensions: dimensions).record(state.handledPerSecond)
        Gauge(label: "queue_owners", dimensions: dimensions).record(state.owners.count)
        Gauge(label: "queue_paused", dimensions: dimensions).record(state.paused == nil ? 0 : 1)
    }
}

extension Failure {
    /// Once for each failure: a line in the log and a count.
    func report(_ message: StoredMessage, subscription: String, logger: Logger) {
        let metadata: Logger.Metadata = [
            "message": "\(message.id)", "type": "\(message.type)", "subscription": "\(subscription)",
            "attempt": "\(message.attempt)",
        ]
        switch self {
        case .retry(let after, let error):
            logger.warning("message failed, due again in \(after): \(error)", metadata: metadata)
            QueueMetrics.failed(subscription: subscription, isDead: false)
        case .dead(let error):
            logger.error("message is dead: \(error)", metadata: metadata)
            QueueMetrics.failed(subscription: subscription, isDead: true)
        }
    }
}
