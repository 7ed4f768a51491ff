import Domain
import Messaging
import Postgres
import TestKit
import Testing

/// Nobody keeps the others waiting for longer than a turn.
@Suite(.timeLimit(.minutes(10))) struct TurnTests {
    @Test func lanesWithBacklogsAreWorkedOnByTurns() async throws {
        try await Bench.run { bench in
            // The keys are of two lanes.
            for key in ["a", "b"] {
                try await bench.publish(contentsOf: (1...100).map { Counted(key: key, number: $0) })
            }
            var options = Consumer.Options.quick
            options.concurrency = 1
            options.batchSize = 1
            let handled = Inbox<Int>()
            let consumer = bench.consumer(
                bench.router { message, _, tx in
                    // So that a hundred of them are more than a turn on any machine.
                    try await tx.query("SELECT pg_sleep(0.001)")
                    handled.put(message.number)
                },
                options: options
            )
            try await bench.running(consumer) { _ = await handled.next(200) }
            let keys = try await bench.effects().map(\.key)
            #expect(zip(keys, keys.dropFirst()).count { $0 != $1 } > 1)
        }
    }

    /// However many of them there are.
    @Test func retriesLeaveRoomForTheLanes() async throws {
        try await Bench.run { bench in
            var options = Consumer.Options.quick
            options.concurrency = 1
            var policy = RetryPolicy()
            policy.maximumAttempts = .max
            let router = bench.router(policy: policy) { message, _, _ in
                if message.number == 1 { throw MessageDisposition.retry(after: .zero) }
            }
            try await bench.publish(contentsOf: (1...3).map { Counted(key: "k\($0)", number: 1) })
            try await bench.running(bench.consumer(router, options: options)) {
                while try await bench.state()?.retries != 3 {}
                try await bench.publish(Counted(key: "a", number: 2))
                while try await bench.effects().isEmpty {}
            }
            #expect(try await bench.effects().map(\.number) == [2])
        }
    }
}
