import Domain
import Foundation
import Messaging
import Postgres
import TestKit
import Testing

@Suite struct PublishingTests {
    @Test func aMessageExistsOnlyIfItsTransactionCommits() async throws {
        try await Bench.run { bench in
            await #expect(throws: Boom.self) {
                try await bench.database.transaction(tenant: tenant) { tx in
                    try tx.publish(Counted(key: "a", number: 1))
                    try await tx.execute("SELECT 1")
                    throw Boom()
                }
            }
            try await bench.publish(Counted(key: "a", number: 2))
            #expect(try await bench.consumer(bench.router()).drain() == 1)
            #expect(try await bench.effects().map(\.number) == [2])
        }
    }

    @Test func publishingWithoutTenantIsRefused() async throws {
        try await Bench.run { bench in
            await #expect(throws: PublishingError.noTenant(type: "counted.v1")) {
                try await bench.database.transaction { try $0.publish(Counted(key: "a", number: 1)) }
            }
        }
    }

    @Test func aTransactionPublishesForItsOwnTenantOnly() async throws {
        try await Bench.run { bench in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.database.transaction(tenant: tenant) { tx in
                    try await tx.execute("SELECT set_config('tradewind.tenant', \(TenantID().description), true)")
                    try tx.publish(Counted(key: "a", number: 1))
                }
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test(
        arguments: [
            "DELETE FROM queue.log", "TRUNCATE queue.log", "UPDATE queue.ledger SET position = 0",
            "DELETE FROM queue.ledger",
            "UPDATE queue.ring SET segment = 1", "SELECT queue.create_topic('mine')",
        ] as [SQL]
    )
    func aServiceMayNotRewriteTheQueue(_ statement: SQL) async throws {
        try await Bench.run { bench in
            let error = await #expect(throws: PostgresError.self) { try await bench.database.execute(statement) }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test func anUnknownTopicFailsTheCommit() async throws {
        struct Lost: Message {
            static let type = "lost.v1"
            static let topic = Topic(rawValue: "nowhere")
            var key: String { "a" }
        }
        try await Bench.run { bench in
            let error = await #expect(throws: PostgresError.self) { try await bench.publish(Lost()) }
            #expect(error?.sqlState == "23502")
        }
    }

    @Test func theEnvelopeHasTheAttributesOfCloudEvents() async throws {
        let inbox = Inbox<Delivery>()
        try await Bench.run { bench in
            let before = Date()
            try await bench.publish(Counted(key: "a", number: 1))
            try await bench.consumer(bench.router { _, delivery, _ in inbox.put(delivery) }).drain()
            let delivery = try #require(await inbox.next().first)
            #expect(delivery.type == "counted.v1")
            #expect(delivery.source == "/tradewind/tests")
            #expect(delivery.subject == "a")
            #expect(delivery.tenant == tenant)
            #expect(delivery.attempt == 1)
            #expect(delivery.id.uuid.6 >> 4 == 7)
            #expect(abs(delivery.time.timeIntervalSince(before)) < 60)
        }
    }

    @Test func tenThousandInOneStatementKeepTheirOrder() async throws {
        try await Bench.run { bench in
            try await bench.publish(contentsOf: (1...10_000).map { Counted(key: "k\($0 % 50)", number: $0) })
            #expect(try await bench.consumer(bench.router()).drain() == 10_000)
            let byKey = Dictionary(grouping: try await bench.effects(), by: \.key)
            #expect(byKey.values.reduce(0) { $0 + $1.count } == 10_000)
            #expect(byKey.values.allSatisfy { $0.map(\.number) == $0.map(\.number).sorted() })
        }
    }
}
