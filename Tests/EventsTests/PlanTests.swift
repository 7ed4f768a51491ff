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
            // Here, and ten times as many at another event.
            let other = try await desk.makeEvent(EventDraft(slug: "other"))
            for (id, factor) in [(answer.id, 1), (other.id, 10)] {
                try await desk.service.database.execute(
                    """
                    INSERT INTO events.registrations
                        (tenant_id, id, event_id, number, state, version, name, email, mailbox_key, language, economy,
                         registered_at)
                    SELECT \(tenant.uuid), gen_random_uuid(), \(try #require(UUID(uuidString: id))), 1 + n,
                        CASE WHEN n % 500 = 0 THEN 'cancelled' WHEN n < 2000 THEN 'confirmed' ELSE 'waiting' END, 1,
                        'Name', n || '@example.org', n || '@example.org', 'en', 'TW', now()
                    FROM generate_series(1, 4000 * \(factor)::int) AS n
                    """
                )
            }
            try await desk.service.database.executeScript("VACUUM ANALYZE events.registrations")
            let id = RegistrationID(try #require(UUID(uuidString: registration.id)))
            @Sendable func page(_ state: RegistrationState?) -> SQL {
                RegistrationStore.page(of: event, state: state, after: 3000, limit: 50, tenant: tenant)
            }
            try await desk.withPool { database in
                func plan(_ statement: SQL) async throws -> String {
                    try await database.transaction(tenant: tenant) { tx in
                        try await tx.query("EXPLAIN \(statement)").map { try $0.decode(String.self) }
                            .joined(separator: "\n")
                    }
                }
                let statements: [(SQL, [String])] = [
                    (RegistrationStore.promotion(1, of: event, tenant: tenant), ["registrations_waiting"]),
                    (
                        RegistrationStore.registration(id, tenant: tenant),
                        ["registrations_pkey", "registrations_waiting"]
                    ),
                    (page(.waiting), ["registrations_waiting"]),
                    (page(.cancelled), ["registrations_cancelled", "registrations_waiting"]),
                    (page(.confirmed), ["registrations_number", "registrations_waiting"]),
                    (page(nil), ["registrations_number", "registrations_waiting"]),
                ]
                for (statement, indexes) in statements {
                    let plan = try await plan(statement)
                    for index in indexes { #expect(plan.contains(index), "\(plan)") }
                    #expect(!plan.contains("Seq Scan"), "\(plan)")
                }
            }
        }
    }
}
