import Domain
import Foundation
import Messaging
import Postgres
import TestKit
import Testing

@testable import Notifications

@Suite struct OutgoingStoreTests {
    @Test func withoutATenantNoRowIsSeen() async throws {
        try await MailerBench.run { bench in
            let other = try await MailerBench.makeTenant("elsewhere", bench.test)
            try await bench.add(3)
            let count: SQL = "SELECT count(*) FROM notifications.outgoing"
            let rows = try await bench.test.database.query(count)
            #expect(try rows[0].decode(Int.self) == 0)
            let seen = try await bench.test.database.transaction(tenant: other) { tx in try await tx.query(count) }
            #expect(try seen[0].decode(Int.self) == 0)
            #expect(try await bench.store.list(nil, after: nil, limit: 9, tenant: other).isEmpty)
            let changed = try await bench.test.database.transaction(tenant: other) { tx in
                try await tx.execute("UPDATE notifications.outgoing SET state = 'failed'")
            }
            #expect(changed == 0)
        }
    }

    @Test func aMessageHandledTwiceAsksForOneMail() async throws {
        try await MailerBench.run { bench in
            let source = UUID()
            let contents = try SampleMails.all()
            for content in [contents[0], contents[0], contents[1]] {
                let mail = NewMail(
                    id: .init(),
                    tenant: bench.tenant,
                    sourceMessage: source,
                    content: content,
                    recipient: try SampleMails.recipient(),
                    messageID: "x@y.example",
                    traceparent: nil,
                    createdAt: bench.clock.now
                )
                try await bench.test.database.transaction(tenant: bench.tenant) { bench.store.add(mail, in: $0) }
            }
            #expect(try await bench.records().map(\.kind).sorted() == ["confirmed", "moved-up"])
        }
    }

    @Test func tenantsAreTakenInTurn() async throws {
        try await MailerBench.run { bench in
            var tenants = [bench.tenant]
            for slug in ["second", "third"] { tenants.append(try await MailerBench.makeTenant(slug, bench.test)) }
            tenants.sort()
            for tenant in tenants { try await bench.add(3, tenant: tenant) }
            func take(after tenant: TenantID?, _ limit: Int) async throws -> [TenantID] {
                let lease = Lease(token: UUID(), end: bench.clock.now + 60)
                return try await bench.store.take(after: tenant, limit: limit, now: bench.clock.now, lease: lease)
                    .flatMap { turn in turn.1.map { _ in turn.0 } }
            }
            #expect(try await take(after: nil, 2) == [tenants[0], tenants[0]])
            #expect(try await take(after: tenants[0], 2) == [tenants[1], tenants[1]])
            #expect(try await take(after: tenants[2], 2) == [tenants[0], tenants[1]])
            #expect(try await take(after: tenants[1], 9) == [tenants[2], tenants[2], tenants[2]])
            #expect(try await take(after: tenants[1], 9) == [])
        }
    }

    @Test func takingScansNoTable() async throws {
        try await MailerBench.run { bench in
            for _ in 1...5 { try await bench.add(1000) }
            try await bench.test.withPool { owner in
                try await owner.execute(
                    "UPDATE notifications.outgoing SET state = 'sent', sent_at = due WHERE random() < 0.98"
                )
                try await owner.execute("ANALYZE notifications.outgoing")
                let (before, after, taken) = try await owner.transaction { tx in
                    // What earlier transactions of this connection did may still be counted here.
                    let before = try await scans(in: tx)
                    let taken = try await tx.query(
                        """
                        SELECT taken_id FROM notifications.take_outgoing(NULL, 10::int, 10::int,
                            \(bench.clock.now), \(bench.clock.now + 60), \(UUID()))
                        """
                    )
                    return (before, try await scans(in: tx), taken.count)
                }
                #expect(taken == 10)
                #expect(after.ofTable == before.ofTable)
                #expect(after.ofIndexes > before.ofIndexes)
            }
        }
    }

    /// One tenant has a hundred thousand mails due since long, and another one mail since now.
    @Test func aFloodOfOneTenantHoldsUpNobodyAndIsNotRead() async throws {
        try await MailerBench.run { bench in
            let other = try await MailerBench.makeTenant("other", bench.test)
            _ = try await bench.test.withPool { owner in
                try await owner.execute(
                    """
                    INSERT INTO notifications.outgoing (tenant_id, id, source_message_id, kind, subject_id,
                        recipient_name, recipient_email, language, model, message_id, due, created_at)
                    SELECT \(bench.tenant.uuid), gen_random_uuid(), gen_random_uuid(), 'confirmed', gen_random_uuid(),
                           'A', 'a@b.example', 'en', '{}', 'x@y.example', \(bench.clock.now) - n * interval '1 s',
                           \(bench.clock.now)
                    FROM generate_series(1, 100000) n
                    """
                )
            }
            try await bench.add(1, tenant: other)
            try await bench.test.withPool { owner in
                // No ANALYZE: the statistics know nothing of the flood.
                let (before, after, tenants) = try await owner.transaction { tx in
                    let before = try await fetched(in: tx)
                    var tenants: [UUID] = []
                    var last: UUID?
                    for _ in 1...3 {
                        let taken = try await tx.query(
                            """
                            SELECT taken_tenant FROM notifications.take_outgoing(\(last), 10::int, 10::int,
                                \(bench.clock.now), \(bench.clock.now + 60), \(UUID()))
                            """
                        ).map { try $0.decode(UUID.self) }
                        last = taken.last
                        tenants += taken
                    }
                    return (before, try await fetched(in: tx), tenants)
                }
                // Whoever comes first, the one mail is among the first two turns.
                #expect(tenants.prefix(11).contains(other.uuid))
                #expect(tenants.count { $0 == bench.tenant.uuid } >= 19)
                #expect(after.scans == before.scans)
                #expect(after.rows - before.rows < 300)
            }
        }
    }

    private func fetched(in tx: borrowing Transaction) async throws -> (scans: Int, rows: Int) {
        let rows = try await tx.query(
            """
            SELECT seq_scan, seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
            WHERE schemaname = 'notifications' AND relname = 'outgoing'
            """
        )
        return try #require(rows.first).decode(Int.self, Int.self)
    }

    private func scans(in tx: borrowing Transaction) async throws -> (ofTable: Int, ofIndexes: Int) {
        let rows = try await tx.query(
            """
            SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables
            WHERE schemaname = 'notifications' AND relname = 'outgoing'
            """
        )
        return try #require(rows.first).decode(Int.self, Int.self)
    }

    @Test func aLeaseIsProlongedOnlyByItsHolder() async throws {
        try await MailerBench.run { bench in
            try await bench.add(2)
            var lease = Lease(token: UUID(), end: bench.clock.now + 60)
            let turns = try await bench.store.take(after: nil, limit: 2, now: bench.clock.now, lease: lease)
            let ids = try #require(turns.first).1
            lease.end += 60
            #expect(try await bench.store.renew(ids, tenant: bench.tenant, lease: lease) == Set(ids))
            let stranger = Lease(token: UUID(), end: lease.end)
            #expect(try await bench.store.renew(ids, tenant: bench.tenant, lease: stranger) == [])
            #expect(try await bench.store.load(ids, tenant: bench.tenant, lease: stranger).isEmpty)
            try await bench.store.giveBack(ids, tenant: bench.tenant, lease: lease, due: bench.clock.now)
            let records = try await bench.records()
            #expect(records.allSatisfy { $0.state == "pending" && $0.attempts == 0 })
        }
    }
}
