import Domain
import Foundation
import Messaging
import Postgres
import TestKit
import Testing

@Suite struct DeduplicationTests {
    private func numbers(_ bench: Bench) async throws -> [Int] {
        try await bench.database.query("SELECT (body->>'number')::bigint FROM queue.log ORDER BY position")
            .map { try $0.decode(Int.self) }
    }

    @Test func theSameKeyPublishesOnce() async throws {
        try await Bench.run { bench in
            for number in 1...3 {
                try await bench.database.transaction(tenant: tenant) { tx in
                    try tx.publish(Counted(key: "a", number: number), deduplicatedBy: "one")
                    try tx.publish(Counted(key: "a", number: number + 10), deduplicatedBy: "two")
                }
            }
            try await bench.database.transaction(tenant: TenantID()) {
                try $0.publish(Counted(key: "a", number: 100), deduplicatedBy: "one")
            }
            #expect(try await numbers(bench) == [1, 11, 100])
            #expect(try await bench.consumer(bench.router()).drain() == 3)
        }
    }

    @Test func ofManyWithOneKeyTheFirstIsPublishedInItsPlace() async throws {
        try await Bench.run { bench in
            let messages = [5, 3, 15, 8, 13, 1].map { Counted(key: "a", number: $0) }
            try await bench.database.transaction(tenant: tenant) {
                try $0.publish(contentsOf: messages, deduplicatedBy: { "\($0.number % 10)" })
            }
            #expect(try await numbers(bench) == [5, 3, 8, 1])
        }
    }

    @Test func whoeverPublishesTogetherPublishesOnce() async throws {
        try await Bench.run { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        for _ in 0..<5 {
                            let messages = (1...60).shuffled().prefix(40).map { Counted(key: "a", number: $0) }
                            try await bench.database.transaction(tenant: tenant) {
                                try $0.publish(contentsOf: messages, deduplicatedBy: { "\($0.number)" })
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await numbers(bench).sorted() == Array(1...60))
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: [true, false])
    func aRivalIsWaitedForAndItsEndDecides(commits: Bool) async throws {
        try await Bench.run { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                try? await bench.database.transaction(tenant: tenant) { tx in
                    try tx.publish(Counted(key: "a", number: 1), deduplicatedBy: "k")
                    try await tx.execute("SELECT 1")
                    group.addTask {
                        try await bench.database.transaction(tenant: tenant) {
                            try $0.publish(Counted(key: "a", number: 2), deduplicatedBy: "k")
                        }
                    }
                    try await bench.untilSomebodyWaits()
                    if !commits { throw Boom() }
                }
                try await group.waitForAll()
            }
            #expect(try await numbers(bench) == [commits ? 1 : 2])
        }
    }

    @Test func aKeyIsFreeAgainAfterItsWindow() async throws {
        try await Bench.run { bench in
            func publish(_ number: Int, within window: Duration) async throws {
                try await bench.database.transaction(tenant: tenant) {
                    try $0.publish(Counted(key: "a", number: number), deduplicatedBy: "k", within: window)
                }
            }
            try await publish(1, within: .zero)
            try await publish(2, within: .seconds(60))
            try await publish(3, within: .zero)
            #expect(try await numbers(bench) == [1, 2])
        }
    }

    @Test func onlyOldKeysAreForgotten() async throws {
        try await Bench.run { bench in
            try await bench.database.transaction(tenant: tenant) { tx in
                let messages = (1...20).map { Counted(key: "a", number: $0) }
                try tx.publish(contentsOf: messages, deduplicatedBy: { "old \($0.number)" }, within: .zero)
                try tx.publish(Counted(key: "a", number: 100), deduplicatedBy: "new")
            }
            #expect(try await bench.count("SELECT queue.forget_keys(15)::bigint") == 15)
            #expect(try await bench.count("SELECT queue.forget_keys()::bigint") == 5)
            #expect(try await bench.count("SELECT queue.forget_keys()::bigint") == 0)
            let left = try await bench.database.transaction(tenant: tenant) {
                try await $0.query("SELECT key FROM queue.deduplication_keys").map { try $0.decode(String.self) }
            }
            #expect(left == ["new"])
        }
    }

    @Test func keysAreOfOneTenant() async throws {
        try await Bench.run { bench in
            try await bench.database.transaction(tenant: tenant) {
                try $0.publish(Counted(key: "a", number: 1), deduplicatedBy: "k")
            }
            let (seen, changed) = try await bench.database.transaction(tenant: TenantID()) { tx in
                let seen = try await tx.query("SELECT FROM queue.deduplication_keys").count
                return (seen, try await tx.execute("UPDATE queue.deduplication_keys SET kept_until = now()"))
            }
            #expect(seen == 0)
            #expect(changed == 0)
        }
    }

    @Test(arguments: ["", String(repeating: "k", count: 256)]) func aKeyHasALength(_ key: String) async throws {
        try await Bench.run { bench in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.database.transaction(tenant: tenant) {
                    try $0.publish(Counted(key: "a", number: 1), deduplicatedBy: key)
                }
            }
            #expect(error?.sqlState == "23514")
        }
    }
}
