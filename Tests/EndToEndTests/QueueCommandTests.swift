import Domain
import Foundation
import Logging
import Messaging
import Postgres
import TestKit
import Testing

/// `tradewind queue`, run as operators run it.
@Suite("tradewind queue", .timeLimit(.minutes(60)))
struct QueueCommandTests {
    struct Noted: Message {
        static let type = "noted.v1"
        static let topic = Topic.events
        var key = "a"
        let number: Int
    }

    private struct Refused: Error, CustomStringConvertible { let description = "refused" }

    private struct Bench {
        let test: TestDatabase
        let tenant = TenantID()
        static let subscription = "tests.events"

        @discardableResult
        func tradewind(_ arguments: String..., status: Int32 = 0) async throws -> (output: String, words: String) {
            let program = try Program("tradewind", ["queue"] + arguments, environment: ["DATABASE_URL": test.url])
            let found = try await program.status()
            #expect(found == status, "\(arguments): \(program.standardError)")
            return (program.standardOutput, program.standardError)
        }

        func json(_ arguments: String...) async throws -> Any {
            let program = try Program(
                "tradewind",
                ["queue"] + arguments + ["--json"],
                environment: ["DATABASE_URL": test.url]
            )
            #expect(try await program.status() == 0, "\(arguments): \(program.standardError)")
            return try JSONSerialization.jsonObject(with: Data(program.standardOutput.utf8))
        }

        func publish(_ numbers: Int...) async throws {
            try await test.database.transaction(tenant: tenant) { tx in
                try tx.publish(contentsOf: numbers.map { Noted(number: $0) })
            }
        }

        /// Handles what is due; those numbers fail. Tells how many were handled.
        func drain(refusing refused: Set<Int> = []) async throws -> Int {
            var router = MessageRouter(subscription: Self.subscription, topic: .events)
            router.retryPolicy.maximumAttempts = 1
            router.on(Noted.self) { message, _, _ in if refused.contains(message.number) { throw Refused() } }
            return try await Consumer(database: test.database, routers: [router], logger: test.logger).drain()
        }

        static func run(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
            try await TestDatabase.withDatabase(.queue) { try await body(Bench(test: $0)) }
        }
    }

    @Test("the figures, for people and as JSON")
    func status() async throws {
        try await Bench.run { bench in
            _ = try await bench.drain()
            try await bench.publish(1, 2, 3)
            #expect(try await bench.drain(refusing: [2]) == 2)
            try await bench.publish(4)
            let due = Date(timeIntervalSince1970: 1_900_000_000)
            try await bench.test.database.transaction(tenant: bench.tenant) {
                try $0.publish(Noted(number: 5), at: due, timer: "five")
            }
            let state = try #require(try await bench.json() as? [String: Any])
            let subscription = try #require((state["subscriptions"] as? [[String: Any]])?.first)
            #expect(subscription["subscription"] as? String == Bench.subscription)
            #expect(subscription["lag"] as? Int == 1)
            #expect(subscription["handled"] as? Int == 2)
            #expect(subscription["deadLetters"] as? Int == 1)
            #expect(subscription["retries"] as? Int == 0)
            #expect(subscription["handledPerSecond"] as? Double ?? 0 > 0)
            #expect((state["timers"] as? [String: Any])?["waiting"] as? Int == 1)
            let topics = try #require(state["topics"] as? [[String: Any]])
            #expect(topics.compactMap { $0["published"] as? Int }.reduce(0, +) == 4)

            let (text, words) = try await bench.tradewind()
            #expect(text.contains(/tests\.events +1 +\d+ s +0 +1 +2 .* 8 +nobody\n/))
            #expect(text.contains("timers: 1, the next 2030-03-17T17:46:40Z"))
            #expect(words.contains("Next: tradewind queue failed"))
            #expect(try await bench.tradewind("timers").output.contains("five"))
            #expect((try await bench.json("lanes", Bench.subscription) as? [Any])?.count == 8)
            #expect((try await bench.json("schedules") as? [Any])?.isEmpty == true)
        }
    }

    @Test("figures that are counted to their limit only are shown so")
    func limits() async throws {
        try await Bench.run { bench in
            _ = try await bench.drain()
            try await bench.test.database.execute(
                """
                INSERT INTO queue.log (id, tenant, lane, segment, type, subject, headers, body)
                SELECT gen_random_uuid(), gen_random_uuid(), first_lane, 0, 'noted.v1', '', '{}', '{}'
                FROM queue.topics, generate_series(1, 10000) WHERE topic = 'events'
                """
            )
            let text = try await bench.tradewind().output
            #expect(text.contains(#/tests\.events +10,000\+ +\d+ s +0 +0 /#))
            #expect(text.contains(#/\nevents +8 +10,000\+ /#))
            #expect(try await bench.tradewind("lanes").output.contains(#/ 10,000\+ /#))
            let state = try #require(try await bench.json() as? [String: Any])
            let subscription = try #require((state["subscriptions"] as? [[String: Any]])?.first)
            #expect(subscription["lag"] as? Int == 10_000)
            #expect(subscription["lagIsAtLeast"] as? Bool == true)
            #expect(subscription["retriesAreAtLeast"] as? Bool == false)
            let topics = try #require(state["topics"] as? [[String: Any]])
            #expect(
                topics.filter { $0["publishedIsAtLeast"] as? Bool == true }.map { $0["topic"] as? String } == ["events"]
            )
        }
    }

    @Test("a failed message is shown, tried again and discarded")
    func failures() async throws {
        try await Bench.run { bench in
            try await bench.publish(1, 2)
            _ = try await bench.drain(refusing: [1, 2])
            let failed = try #require(try await bench.json("failed") as? [[String: Any]])
            #expect(failed.count == 2)
            #expect(failed.allSatisfy { $0["error"] as? String == "Refused: refused" && $0["isDead"] as? Bool == true })
            let ids = try failed.map { try #require($0["id"] as? String) }

            let shown = try await bench.tradewind("show", ids[0]).output
            #expect(shown.contains("type      noted.v1"))
            #expect(shown.contains("tests.events: dead, attempt 1: Refused: refused"))
            #expect(!shown.contains("number"))
            #expect(try await bench.tradewind("show", ids[0], "--body").output.contains("\"number\""))
            let message = try #require(try await bench.json("show", ids[0]) as? [String: Any])
            #expect((message["subscriptions"] as? [[String: Any]])?.first?["state"] as? String == "dead")
            #expect(message["body"] == nil)

            let outcome = try #require(try await bench.json("retry", Bench.subscription, ids[0]) as? [String: String])
            #expect(outcome["result"] == "due")
            #expect(outcome["id"]?.lowercased() == ids[0].lowercased())
            #expect(try await bench.drain() == 1)
            try await bench.tradewind("discard", Bench.subscription, ids[1], "--no-input", status: 2)
            try await bench.tradewind("discard", Bench.subscription, ids[1], "--yes")
            #expect(try await bench.tradewind("failed").words.contains("Nothing failed."))

            try await bench.publish(3, 4, 5)
            _ = try await bench.drain(refusing: [3, 4, 5])
            let all = try #require(try await bench.json("retry", Bench.subscription, "--all") as? [String: Any])
            #expect(all["count"] as? Int == 3)
            #expect(try await bench.drain(refusing: [4, 5]) == 1)
            #expect(try await bench.tradewind("discard", Bench.subscription, "--all", "--yes").words == "2 are gone.\n")
            #expect(try await bench.tradewind("retry", Bench.subscription, "--all").words == "0 are due now.\n")
        }
    }

    @Test("a subscription is paused, replayed, cut off and removed")
    func subscriptions() async throws {
        try await Bench.run { bench in
            let name = Bench.subscription
            try await bench.publish(1, 2, 3)
            #expect(try await bench.drain() == 3)
            try await bench.tradewind("drain", name)
            #expect(try await bench.tradewind().output.contains(/tests\.events .* paused\n/))
            try await bench.publish(4)
            #expect(try await bench.drain() == 0)
            #expect((try await bench.json("resume", name) as? [String: String])?["result"] == "resumed")
            #expect(try await bench.drain() == 1)
            try await bench.tradewind("replay", name, "--all", "--yes")
            #expect(try await bench.drain() == 4)
            try await bench.tradewind("replay", name, "--from", "2020-01-01T00:00:00Z", "--yes")
            #expect(try await bench.drain() == 4)
            try await bench.publish(5)
            try await bench.tradewind("cut-off", name, "--before", "2020-01-01T00:00:00Z", "--yes")
            try await bench.tradewind("cut-off", name, "--yes")
            #expect(try await bench.drain() == 0)
            try await bench.tradewind("keep", "36")
            #expect(try await bench.tradewind().output.contains("what all have read is kept for 1 day, 12 hours"))
            let log = (try await bench.json() as? [String: Any])?["log"] as? [String: Any]
            #expect(log?["segments"] as? Int == 3)
            #expect(log?["retentionSeconds"] as? Int == 129_600)
            try await bench.tradewind("raise", "events", "16")
            #expect((try await bench.json("lanes", name) as? [Any])?.count == 16)
            try await bench.tradewind("remove", name, "--yes")
            try await bench.tradewind("lanes", name, status: 1)
        }
    }

    @Test("what is not there is 1, and what is asked wrongly is 2")
    func refusals() async throws {
        try await Bench.run { bench in
            _ = try await bench.drain()
            let (name, id) = (Bench.subscription, UUID().uuidString)
            for arguments in [["pause"], ["resume"], ["drain"], ["remove", "--yes"], ["cut-off", "--yes"], ["lanes"]] {
                let program = try Program(
                    "tradewind",
                    ["queue"] + arguments + ["nowhere"],
                    environment: ["DATABASE_URL": bench.test.url]
                )
                #expect(try await program.status() == 1)
                #expect(program.standardError.lowercased().contains("there is no subscription nowhere"), "\(arguments)")
                #expect(program.standardOutput.isEmpty)
            }
            #expect(try await bench.tradewind("show", id, status: 1).words.contains("No message has this id."))
            try await bench.tradewind("show", id, "--thorough", status: 1)
            try await bench.tradewind("retry", name, id, status: 1)
            try await bench.tradewind("discard", name, id, "--yes", status: 1)
            try await bench.tradewind("replay", name, "--message", id, "--yes", status: 1)
            try await bench.tradewind("raise", "events", "9", status: 1)
            try await bench.tradewind("raise", "nowhere", "16", status: 1)
            try await bench.tradewind("remove-schedule", "nowhere", "--yes", status: 1)
            try await bench.tradewind("show", "7", status: 2)
            try await bench.tradewind("replay", name, status: 2)
            try await bench.tradewind("replay", name, "--from", "yesterday", status: 2)
            try await bench.tradewind("failed", "--limit", "0", status: 2)
            try await bench.tradewind("retry", name, status: 2)
            try await bench.tradewind("discard", name, id, "--all", "--yes", status: 2)
            try await bench.tradewind("retry", "nowhere", "--all", status: 1)
            try await bench.tradewind("keep", "-1", status: 2)
            try await bench.tradewind("keep", "long", status: 2)
            try await bench.tradewind("raise", "events", "0", status: 2)
            try await bench.tradewind("unknown", status: 2)
        }
    }
}
