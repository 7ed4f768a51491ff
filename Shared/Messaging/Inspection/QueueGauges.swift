import Domain
import Metrics

/// Sets the gauges to what the inspector sees. Each worker does so for the subscriptions it serves; those of the log, the
/// timers and the schedules are the same wherever they are set.
struct QueueGauges: Sendable {
    let inspector: QueueInspector

    func set(_ subscriptions: [QueueInspector.SubscriptionState]) async throws {
        for state in subscriptions { QueueMetrics.state(state) }
        for topic in try await inspector.topics() {
            Gauge(label: "queue_published_per_second", dimensions: [("topic", topic.topic)])
                .record(topic.publishedPerSecond)
        }
        let log = try await inspector.log()
        Gauge(label: "queue_log_bytes").record(log.bytes)
        Gauge(label: "queue_log_segments").record(log.segments)
        let timers = try await inspector.timersState()
        Gauge(label: "queue_timers").record(timers.waiting)
        Gauge(label: "queue_timers_overdue_seconds").record(timers.overdueSeconds)
        for schedule in try await inspector.schedules() {
            Gauge(label: "queue_schedule_overdue_seconds", dimensions: [("schedule", schedule.schedule)])
                .record(schedule.overdueSeconds)
        }
    }
}
