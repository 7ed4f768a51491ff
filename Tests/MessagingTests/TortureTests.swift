import Foundation
import Messaging
import Postgres
import TestKit
import Testing

/// Everything at once that may go wrong: see `Torture`. 10 seconds, or `TORTURE_MINUTES`.
@Suite struct TortureTests {
    @Test(.timeLimit(.minutes(600))) func everyMessageHasItsEffectExactlyOnceAndInOrder() async throws {
        let minutes = ProcessInfo.processInfo.environment["TORTURE_MINUTES"].flatMap(Double.init)
        try await Bench.run(configure: { $0.maximumConnections = 16 }) { bench in
            let torture = Torture(bench: bench, seconds: minutes.map { $0 * 60 } ?? 10)
            try await torture.run()
            try await torture.settle()

            let published = try await torture.published()
            let total = published.values.reduce(0, +)
            for (torment, least) in Torture.least {
                #expect(torture.count(of: torment) >= least, "\(torment)")
            }
            let topics = try await bench.inspector.topics()
            #expect(topics.first { $0.topic == "tests" }?.published == total)
            for subscription in Torture.subscriptions {
                let effects = Dictionary(grouping: try await bench.effects(of: subscription), by: \.key)
                for (key, count) in published {
                    let numbers = effects[key, default: []].map(\.number)
                    // Where nothing fails, or the subscription is strict, in the order of the commits.
                    let inOrder = subscription == "failing" ? numbers.sorted() : numbers
                    #expect(inOrder == Array(1..<count + 1), "\(subscription), \(key), \(inOrder)")
                }
                let state = try #require(try await bench.state(of: subscription))
                #expect(state.handled == total)
                #expect(state.deadLetters == 0)
                #expect(state.retries == 0)
                #expect(state.lag == 0)
            }
            // Nothing is left: what all have read can go.
            #expect(try await bench.rotate().contains { $0.hasPrefix("emptied") })
            #expect(try await bench.count("SELECT count(*) FROM queue.log") == 0)
            torture.report(total: total)
        }
    }
}
