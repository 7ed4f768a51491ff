import Messaging
import Postgres
import ServiceLifecycle
import TestKit
import Testing

/// A graceful shutdown comes while a handler works.
@Suite(.timeLimit(.minutes(10))) struct ShutdownTests {
    /// Tells that it has begun, and ends when its worker has resigned.
    private func untilResigned(_ bench: Bench, _ started: Inbox<Int>) -> MessageRouter {
        bench.router { message, _, _ in
            started.put(message.number)
            try await gracefulShutdown()
            while try await bench.count("SELECT count(*) FROM queue.workers WHERE subscriptions = '{}'") == 0 {}
        }
    }

    @Test func theShutdownFinishesWhatIsInFlightAndBeginsNothing() async throws {
        let started = Inbox<Int>()
        try await Bench.run { bench in
            try await bench.publish(Counted(key: "a", number: 1), Counted(key: "a", number: 2))
            try await bench.running(bench.consumer(untilResigned(bench, started))) { _ = await started.next() }
            #expect(try await bench.effects() == [Effect(key: "a", number: 1, attempt: 1, tenant: "\(tenant)")])
            #expect(try await bench.state()?.retries == 0)
            #expect(try await bench.count("SELECT count(*) FROM queue.ledger WHERE attempt > 0") == 0)
            #expect(try await bench.consumer(bench.router()).drain() == 1)
        }
    }

    @Test func theShutdownFinishesTheRetryInFlightAndBeginsNoOther() async throws {
        let started = Inbox<Int>()
        try await Bench.run { bench in
            try await bench.publish(Counted(key: "a", number: 1), Counted(key: "a", number: 2))
            try await bench.consumer(bench.router { _, _, _ in throw Boom() }).drain()
            try await bench.database.execute("UPDATE queue.retries SET due = to_timestamp(place)")
            try await bench.running(bench.consumer(untilResigned(bench, started))) { _ = await started.next() }
            #expect(try await bench.effects() == [Effect(key: "a", number: 1, attempt: 2, tenant: "\(tenant)")])
            // The other one waits, with its attempts as they were.
            #expect(try await bench.inspector.failedMessages().map(\.attempt) == [2])
            #expect(try await bench.state()?.handled == 1)
            #expect(try await bench.consumer(bench.router()).drain() == 1)
            #expect(try await bench.effects().map(\.number) == [1, 2])
        }
    }
}
