import Domain
import Foundation
import Messaging
import Postgres
import TestKit
import Testing

@testable import Events

/// Statements that run under the event's lock, or for everybody who looks, must not read all registrations.
@Suite struct PlanTests {
    @Test func eachStatementUsesItsIndex() async throws {
        try await Desk.open { desk in
            let answer = try await desk.makeEvent(EventDraft(capacity: 1))
            let registration = try await desk.register(answer, 1)
            let tenant = desk.service.tenant.id
            let event = EventID(try #require(UUID(uuidString: answer.id)))
            try await desk.service.database.execute(
                """
                INSERT INTO events.registrations
                    (tenant_id, id, event_id, number, state, version, name, email, mailbox_key, language, economy,
                     registered_at)
                SELECT \(tenant.uuid), gen_random_uuid(), \(event.uuid), 1 + n,
                    CASE WHEN n < 10000 THEN 'confirmed' ELSE 'waiting' END, 1, 'Name', n || '@example.org',
                    n || '@example.org', 'en', 'TW', now()
                FROM generate_series(1, 20000) AS n
                """
            )
            try await desk.service.database.execute("ANALYZE events.registrations")
            let id = RegistrationID(try #require(UUID(uuidString: registration.id)))
            try await desk.withPool { database in
                func plan(_ statement: SQL) async throws -> String {
                    try await database.transaction(tenant: tenant) { tx in
                        try await tx.query("EXPLAIN \(statement)").map { try $0.decode(String.self) }
                            .joined(separator: "\n")
                    }
                }
                let promotion = try await plan(RegistrationStore.promotion(1, of: event, tenant: tenant))
                #expect(promotion.contains("registrations_by_state"), "\(promotion)")
                let one = try await plan(RegistrationStore.registration(id, tenant: tenant))
                #expect(one.contains("registrations_pkey") && one.contains("registrations_by_state"), "\(one)")
                for state in RegistrationState.allCases {
                    let page = try await plan(
                        RegistrationStore.page(of: event, state: state, after: 15000, limit: 50, tenant: tenant)
                    )
                    #expect(page.contains("registrations_by_state") && !page.contains("Seq Scan"), "\(page)")
                }
                let all = try await plan(
                    RegistrationStore.page(of: event, state: nil, after: 15000, limit: 50, tenant: tenant)
                )
                #expect(all.contains("registrations_number") && !all.contains("Seq Scan"), "\(all)")
                #expect(!promotion.contains("Seq Scan") && !one.contains("Seq Scan"))
            }
        }
    }
}
