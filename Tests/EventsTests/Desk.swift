import Domain
import Events
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

/// The service as a test uses it: events and registrations by HTTP, messages as a subscriber sees them.
struct Desk: Sendable {
    let client: any TestClientProtocol
    let service: TestService

    static func open(
        settings: [String: String] = [:],
        _ body: @escaping @Sendable (Desk) async throws -> Void
    ) async throws {
        try await TestService.run(EventsService.self, settings: settings) { client, service in
            try await body(Desk(client: client, service: service))
        }
    }

    var staff: String { service.tenant.staffToken }
    var machine: String { service.tenant.machineToken }

    func get(_ path: String, token: String? = nil, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await client.send(.get, path, token: token, headers: headers)
    }

    func makeEvent(_ draft: EventDraft = .init()) async throws -> EventAnswer {
        let response = try await client.send(.post, "/events/api/events", token: staff, json: draft)
        #expect(response.status == .created, "\(response.text)")
        return try response.decode(EventAnswer.self)
    }

    func replace(_ event: EventAnswer, _ draft: EventDraft) async throws -> TestResponse {
        try await client.send(
            .put,
            "/events/api/events/\(event.id)",
            token: staff,
            json: draft,
            headers: [.ifMatch: "\"v\(event.version)\""]
        )
    }

    func tryRegister(_ event: EventAnswer, _ draft: RegistrationDraft, key: String? = nil) async throws -> TestResponse
    {
        try await client.send(
            .post,
            "/events/api/events/\(event.id)/registrations",
            token: machine,
            json: draft,
            idempotencyKey: key
        )
    }

    /// A desk that is busy is asked again, as a client would, under the same key.
    private func untilNotBusy(_ ask: (_ key: String) async throws -> TestResponse) async throws -> TestResponse {
        let key = UUID().uuidString
        while true {
            let response = try await ask(key)
            if response.status != .serviceUnavailable || response.headers[.retryAfter] == nil { return response }
        }
    }

    /// Registers a person with an address of its own.
    func register(_ event: EventAnswer, _ number: Int) async throws -> RegistrationAnswer {
        let draft = RegistrationDraft(name: "Person \(number)", email: "person\(number)@people.example")
        let response = try await untilNotBusy { try await tryRegister(event, draft, key: $0) }
        #expect(response.status == .created, "\(response.text)")
        return try response.decode(RegistrationAnswer.self)
    }

    /// One after the other.
    func register(_ event: EventAnswer, _ numbers: ClosedRange<Int>) async throws -> [RegistrationAnswer] {
        var answers: [RegistrationAnswer] = []
        for number in numbers { answers.append(try await register(event, number)) }
        return answers
    }

    func cancel(_ registration: RegistrationAnswer) async throws -> RegistrationAnswer {
        let path = "/events/api/registrations/\(registration.id)/cancellation"
        let response = try await untilNotBusy {
            try await client.send(.post, path, token: machine, idempotencyKey: $0)
        }
        #expect(response.status == .ok, "\(response.text)")
        return try response.decode(RegistrationAnswer.self)
    }

    func read(_ registration: RegistrationAnswer) async throws -> RegistrationAnswer {
        try await get("/events/api/registrations/\(registration.id)", token: machine).decode(RegistrationAnswer.self)
    }

    func summary(_ event: EventAnswer) async throws -> SummaryAnswer {
        try await get("/events/api/events/\(event.id)/summary", token: staff).decode(SummaryAnswer.self)
    }

    func list(_ event: EventAnswer, query: String = "") async throws -> ListAnswer<RegistrationAnswer> {
        let path = "/events/api/events/\(event.id)/registrations?limit=500\(query)"
        return try await get(path, token: machine).decode(ListAnswer<RegistrationAnswer>.self)
    }

    func waitingList(_ event: EventAnswer) async throws -> [String] {
        try await list(event, query: "&state=waiting").items.map(\.id)
    }

    /// The path of a link to a page, without the host.
    func path(_ link: String?) throws -> String {
        let link = try #require(link)
        #expect(link.hasPrefix("https://tradewind.test/"))
        return String(link.dropFirst("https://tradewind.test".count))
    }

    /// Whether the counts on the event's row are those of its registrations, each with a number of its own.
    func expectCountsAgree(_ event: EventAnswer, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let id = try #require(UUID(uuidString: event.id))
        let rows = try await service.database.query(
            """
            SELECT count(*) FILTER (WHERE r.state = 'confirmed') = min(e.confirmed)
                AND count(*) FILTER (WHERE r.state = 'waiting') = min(e.waiting)
                AND count(*) FILTER (WHERE r.state = 'cancelled') = min(e.cancelled)
                AND max(r.number) = min(e.registered) AND count(*) = min(e.registered)
            FROM events.events AS e JOIN events.registrations AS r ON r.event_id = e.id
            WHERE e.id = \(id)
            """
        )
        let agrees = try rows.map { try $0.decode(Bool.self) }
        #expect(agrees == [true], sourceLocation: sourceLocation)
    }

    /// Connections of the service's own role, as in production.
    func withPool(_ body: @Sendable (Database) async throws -> Void) async throws {
        let configuration = Database.Configuration(url: service.url, role: "tradewind_events")
        let database = Database(configuration: configuration, logger: TestDatabase.quietLogger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { do { try await database.run() } catch is CancellationError {} }
            defer { group.cancelAll() }
            try await body(database)
        }
    }
}
