import Domain
import Foundation
import Postgres
import TestKit
import Testing

@testable import Messaging

/// A dump, restored into a cluster whose transaction ids are others: nothing lost, and nothing twice.
@Suite(.enabled(if: PrivateServer.programs != nil)) struct RestoreTests {
    @Test func aRestoredQueueGoesOnWhereItStood() async throws {
        try await PrivateServer.lend { server in
            let dump = "\(server.folder)/dump"
            try await Bench.run { bench in
                try await fill(bench)
                try await server.runClient("pg_dump", ["--format=custom", "--file=\(dump)", bench.test.url])
            }
            try await onServer(server) { owner in
                try await owner.query("CREATE ROLE tradewind_queue NOLOGIN")
                try await server.runClient("pg_restore", ["--exit-on-error", "--dbname=\(server.url)", dump])
                let refusal = await #expect(throws: PostgresError.self) {
                    try await Self.consumer("one", on: owner, batchSize: 100).drain()
                }
                #expect(refusal?.sqlState == "TWQ02")
                try await owner.query("SELECT queue.rebase()")
                for name in ["one", "two", "three"] {
                    try await Self.consumer(name, on: owner, batchSize: 7).drain(includingRetries: true)
                    let numbers = try await owner.query(
                        "SELECT number FROM testing.effects WHERE subscription = \(name) ORDER BY place"
                    ).map { try $0.decode(Int32.self) }
                    #expect(numbers.sorted() == Array(1...60), "\(name)")
                    if name == "three" { #expect(numbers == Array(1...60)) }
                }
                try await owner.transaction(tenant: tenant) { try $0.publish(Counted(key: "a", number: 61)) }
                #expect(try await Self.consumer("one", on: owner, batchSize: 7).drain() == 1)
            }
        }
    }

    /// "one" has passed what commits late, and has read a page of it; "two" has passed other late commits; "three" has
    /// read nothing.
    private func fill(_ bench: Bench) async throws {
        for name in ["one", "two", "three"] { try await Self.consumer(name, on: bench.database, batchSize: 10).drain() }
        try await bench.database.transaction(tenant: tenant) { first in
            try first.publish(contentsOf: (1...25).map { Counted(key: "a", number: $0) })
            try await first.execute("SELECT 1")
            try await bench.publish(Counted(key: "a", number: 26))
            #expect(try await Self.consumer("one", on: bench.database, batchSize: 10).drain() == 1)
        }
        try await bench.database.transaction(tenant: tenant) { second in
            try second.publish(contentsOf: (27...50).map { Counted(key: "a", number: $0) })
            try await second.execute("SELECT 1")
            try await bench.publish(contentsOf: (51...60).map { Counted(key: "a", number: $0) })
            #expect(try await Self.consumer("two", on: bench.database, batchSize: 10).drain() == 36)
        }
        let worker = Worker(Self.consumer("one", on: bench.database, batchSize: 10))
        try await worker.declareSubscriptions()
        var hasPage = false
        for lane in try await worker.spread(holding: []).taken {
            let outcome = try await worker.deliver(lane)
            hasPage = hasPage || outcome.cursor.late != nil
            try await worker.ownership.giveBack([outcome.cursor])
        }
        #expect(hasPage)
        try await worker.life.end()
    }

    private func onServer(_ server: PrivateServer, _ body: (Database) async throws -> Void) async throws {
        let database = Database(configuration: .init(url: server.url), logger: TestDatabase.quietLogger)
        do {
            try await body(database)
            await database.close()
        } catch {
            await database.close()
            throw error
        }
    }

    private static func consumer(_ name: String, on database: Database, batchSize: Int) -> Consumer {
        var router = MessageRouter(subscription: name, topic: .tests)
        router.retryPolicy = .patient
        router.on(Counted.self) { message, _, tx in
            tx.enqueue(
                """
                INSERT INTO testing.effects (subscription, key, number, attempt)
                VALUES (\(name), \(message.key), \(Int32(message.number)), 1)
                """
            )
        }
        var options = Consumer.Options.quick
        options.batchSize = batchSize
        return Consumer(database: database, routers: [router], options: options, logger: TestDatabase.quietLogger)
    }
}
