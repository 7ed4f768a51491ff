import Domain
import Foundation
import Metrics
import MetricsTestKit
import Postgres
import TestKit
import Testing

@testable import Messaging

@Suite struct MetricsTests {
    @Test func whatHappensIsCounted() async throws {
        let metrics = TestMetrics()
        try await withMetricsFactory(metrics) {
            try await Bench.run { bench in
                let consumer = bench.consumer(
                    bench.router("one") { message, _, _ in
                        if message.number == 1 { throw Boom() }
                        if message.number == 2 { throw MessageDisposition.discard("no") }
                    }
                )
                try await bench.publish(contentsOf: (1...5).map { Counted(key: "a", number: $0) })
                try await consumer.drain()
                try await bench.publish(Counted(key: "a", number: 6), Counted(key: "b", number: 7))
                try await bench.database.transaction(tenant: tenant) {
                    try $0.publish(Counted(key: "a", number: 8), at: Date() - 60)
                }
                try await bench.database.execute(
                    """
                    INSERT INTO queue.schedules (name, cron, time_zone, next_at)
                    VALUES ('tests.late', '0 * * * *', 'UTC', now() - interval '1 hour')
                    """
                )
                try await Worker(consumer).maintain()
            }
        }
        let topic = [("topic", "tests")]
        let subscription = [("subscription", "one")]
        #expect(try metrics.expectCounter("queue_published_total", topic).totalValue == 7)
        #expect(try metrics.expectCounter("queue_handled_total", subscription).totalValue == 3)
        #expect(try metrics.expectCounter("queue_failed_total", subscription).totalValue == 1)
        #expect(try metrics.expectCounter("queue_dead_total", subscription).totalValue == 1)
        #expect(try metrics.expectGauge("queue_lag_messages", subscription).lastValue == 2)
        #expect(try metrics.expectGauge("queue_retries", subscription).lastValue == 1)
        #expect(try metrics.expectGauge("queue_dead_letters", subscription).lastValue == 1)
        #expect(try metrics.expectGauge("queue_handled_per_second", subscription).lastValue ?? 0 > 0)
        #expect(try metrics.expectGauge("queue_owners", subscription).lastValue == 0)
        #expect(try metrics.expectGauge("queue_paused", subscription).lastValue == 0)
        #expect(try metrics.expectGauge("queue_published_per_second", topic).lastValue ?? 0 > 0)
        #expect(try metrics.expectGauge("queue_log_segments").lastValue == 3)
        #expect(try metrics.expectGauge("queue_log_bytes").lastValue ?? 0 > 8192)
        #expect(try metrics.expectGauge("queue_timers").lastValue == 1)
        #expect(try metrics.expectGauge("queue_timers_overdue_seconds").lastValue ?? 0 > 59)
        let schedule = [("schedule", "tests.late")]
        #expect(try metrics.expectGauge("queue_schedule_overdue_seconds", schedule).lastValue ?? 0 > 3599)
    }
}
