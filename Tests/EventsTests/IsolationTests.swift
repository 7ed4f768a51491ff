import Domain
import Events
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite struct IsolationTests {
    private struct Call: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let roles: Set<Principal.Role>
        var json: (any Encodable & Sendable)?
    }

    private func calls(_ event: EventAnswer, _ registration: RegistrationAnswer) -> [Call] {
        let everybody = Set(Principal.Role.allCases)
        let one = "/events/api/events/\(event.id)"
        return [
            Call(method: .get, path: one, roles: everybody),
            Call(method: .put, path: one, roles: [.staff], json: EventDraft(title: ["en": "Taken over"])),
            Call(method: .get, path: "\(one)/summary", roles: everybody),
            Call(method: .get, path: "\(one)/registrations", roles: [.staff, .machine]),
            Call(method: .post, path: "\(one)/registrations", roles: [.staff, .machine], json: RegistrationDraft()),
            Call(method: .get, path: "/events/api/registrations/\(registration.id)", roles: [.staff, .machine]),
            Call(
                method: .post,
                path: "/events/api/registrations/\(registration.id)/cancellation",
                roles: [.staff, .machine]
            ),
        ]
    }

    private func send(_ call: Call, _ desk: Desk, token: String?) async throws -> TestResponse {
        try await desk.client.send(
            call.method,
            call.path,
            token: token,
            json: call.json,
            headers: call.method == .put ? [.ifMatch: "\"v1\""] : [:]
        )
    }

    @Test func anotherTenantSeesAndChangesNothing() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let registration = try await desk.register(event, 1)
            let other = desk.service.otherTenant
            for call in calls(event, registration) {
                for token in [other.staffToken, other.machineToken] {
                    if token == other.machineToken, !call.roles.contains(.machine) { continue }
                    let response = try await send(call, desk, token: token)
                    #expect(response.status == .notFound, "\(call.method) \(call.path)")
                    #expect(!response.text.contains("Summit") && !response.text.contains("Person 1"))
                }
            }
            let list = try await desk.get("/events/api/events", token: other.staffToken)
            #expect(try list.decode(ListAnswer<EventAnswer>.self).items.isEmpty)
            #expect(try await desk.get("/events/elsewhere/o2o-summit-2018").status == .notFound)
            #expect(try await desk.read(registration).state == "confirmed")
            #expect(try await desk.summary(event) == SummaryAnswer(confirmed: 1, capacity: 2))
        }
    }

    @Test func eachRoleMayDoItsPartOnly() async throws {
        try await Desk.open { desk in
            let event = try await desk.makeEvent()
            let registration = try await desk.register(event, 1)
            let tenant = desk.service.tenant
            let tokens: [(Principal.Role, String)] = [
                (.reader, tenant.readerToken), (.machine, tenant.machineToken), (.staff, tenant.staffToken),
            ]
            let calls =
                [Call(method: .post, path: "/events/api/events", roles: [.staff], json: EventDraft(slug: "new"))]
                + [Call(method: .get, path: "/events/api/events", roles: Set(Principal.Role.allCases))]
                + calls(event, registration)
            for call in calls {
                let anonymous = try await send(call, desk, token: nil)
                #expect(anonymous.status == .unauthorized, "\(call.method) \(call.path)")
                #expect(anonymous.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
                let forged = try await send(call, desk, token: "tw_" + String(repeating: "a", count: 43))
                #expect(forged.status == .unauthorized)
                for (role, token) in tokens {
                    let response = try await send(call, desk, token: token)
                    let isAllowed = call.roles.contains(role)
                    #expect((response.status == .forbidden) != isAllowed, "\(role) \(call.method) \(call.path)")
                    #expect(!isAllowed || response.status.code < 300 || response.status == .conflict)
                }
            }
        }
    }

    @Test func whatIsNoIdNamesNothing() async throws {
        try await Desk.open { desk in
            for id in [
                "x", "0", UUID().uuidString, "%2e%2e", "'",
                "\u{1F600}".utf8.map { "%" + String($0, radix: 16) }.joined(),
            ] {
                for path in [
                    "events/\(id)", "events/\(id)/summary", "events/\(id)/registrations", "registrations/\(id)",
                ] {
                    let response = try await desk.get("/events/api/\(path)", token: desk.staff)
                    #expect(response.status == .notFound && response.problem != nil, "\(path)")
                }
                let path = "/events/api/registrations/\(id)/cancellation"
                #expect(try await desk.client.send(.post, path, token: desk.staff).status == .notFound)
            }
        }
    }

    @Test func theRoleSeesNoRowsWithoutATenantAndOnlyItsOwn() async throws {
        try await TestService.run(EventsService.self) { client, service in
            let desk = Desk(client: client, service: service)
            let event = try await desk.makeEvent()
            _ = try await desk.register(event, 1)
            try await desk.withPool { database in
                let events = try await database.query("SELECT 1 FROM events.events")
                let registrations = try await database.query("SELECT 1 FROM events.registrations")
                #expect(events.isEmpty && registrations.isEmpty)
                let own = try await rows(in: database, of: service.tenant.id)
                let others = try await rows(in: database, of: service.otherTenant.id)
                #expect(own == 2 && others == 0)
                // Nor can a row be written into somebody else's tenant.
                let error = await #expect(throws: PostgresError.self) {
                    try await database.transaction(tenant: service.otherTenant.id) { tx in
                        try await tx.execute(
                            """
                            INSERT INTO events.events
                                (tenant_id, id, slug, kind, title, venue, starts_at, ends_at, time_zone, version,
                                 capacity, ceiling)
                            VALUES (\(service.tenant.id.uuid), \(UUID()), 'a', 'forum', '{}', '{}', now(),
                                now() + interval '1 hour', 'UTC', 1, 1, 1)
                            """
                        )
                    }
                }
                #expect(error?.sqlState == "42501")
            }
        }
    }

    private func rows(in database: Database, of tenant: TenantID) async throws -> Int {
        try await database.transaction(tenant: tenant) { tx in
            let events = try await tx.query("SELECT 1 FROM events.events").count
            return try await tx.query("SELECT 1 FROM events.registrations").count + events
        }
    }
}
