import AsyncHTTPClient
import Configuration
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Messaging
import NIOCore
import Postgres
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

@testable import ServiceKit
@testable import Web

@Suite("A host")
struct HostTests {
    @Test("tells whether it lives, is ready, and what it counts")
    func health() async throws {
        try await TestService.run(modules: [TinyService.self, NeighbourService.self], settings: [:]) {
            client,
            fixture in
            for path in ["/health/live", "/health/ready"] {
                let answer = try await client.send(.get, path)
                #expect(answer.status == .ok && answer.text == #"{"status":"ok"}"#)
                #expect(answer.headers[.cacheControl] == "no-store")
            }
            let metrics = try await client.send(.get, "/metrics")
            #expect(metrics.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(metrics.text.contains("http_server_request_duration_seconds_bucket{"))
            #expect(metrics.text.contains(#"database_pool{service="tiny",state="open"}"#))
        }
    }

    @Test("is not ready before it is migrated, and says what is missing")
    func unmigrated() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            try await fixture.database.execute("DELETE FROM tiny.applied_migrations")
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.problem?.status == 503 && answer.problem?.pointers == ["/checks/tiny/migrations"])
            #expect(try await client.send(.get, "/health/live").status == .ok)
        }
    }

    @Test("is not ready without its database")
    func unreachable() async throws {
        let provider = InMemoryProvider(values: ["database.url": "postgres://nobody@127.0.0.1:1/nothing"])
        let host = try ServiceHost(
            modules: [TinyService.self],
            configuration: ConfigReader(provider: provider),
            logger: TestDatabase.quietLogger
        )
        try await host.assemble().application.test(.router) { client in
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.problem?.status == 503 && answer.problem?.pointers == ["/checks/tiny/database"])
        }
    }

    @Test("serves its style under a name that changes with it")
    func stylesheet() async throws {
        try await TestService.run(TinyService.self) { client, _ in
            let answer = try await client.send(.get, Stylesheet.path)
            #expect(Stylesheet.path.wholeMatch(of: /\/assets\/tradewind-[0-9a-f]{12}\.css/) != nil)
            #expect(answer.headers[.contentType] == "text/css; charset=utf-8")
            #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(answer.text.contains(":focus-visible"))
            #expect(try await client.send(.get, "/assets/tradewind-000000000000.css").status == .notFound)
        }
    }

    @Test(
        "finds tenants by slug, and hides nobody else's behind odd ones",
        arguments: ["nobody", "api", "l", "%2e%2e", "%F0%9F"]
    )
    func tenants(slug: String) async throws {
        try await TestService.run(TinyService.self) { client, _ in
            let known = try await client.send(.get, "/tiny/kaohsiung")
            #expect(known.text.contains("City of kaohsiung"))
            let odd = try await client.send(.get, "/tiny/\(slug)")
            #expect(odd.problem?.status == 404)
        }
    }

    private struct Running: Service {
        let host: ServiceHost
        let port: AsyncStream<Int>.Continuation
        func run() async throws { try await host.run { port.yield($0) } }
    }

    @Test("finishes the request in flight before it ends, and takes no new ones")
    func shutdown() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            var host = try host(on: test)
            let slow = NoteReader.Gate()
            host.extraRoutes.append { router in
                router.get("/slow") { _, _ in
                    await slow.pass()
                    return "done"
                }
            }
            let ports = AsyncStream.makeStream(of: Int.self)
            let group = ServiceGroup(
                services: [Running(host: host, port: ports.continuation)],
                logger: test.logger
            )
            try await withThrowingTaskGroup(of: String.self) { tasks in
                tasks.addTask {
                    try await group.run()
                    return "ended"
                }
                let port = try #require(await ports.stream.first { _ in true })
                let url = "http://127.0.0.1:\(port)"
                tasks.addTask {
                    let answer = try await HTTPClient.shared.execute(.init(url: url + "/slow"), timeout: .seconds(300))
                    return String(buffer: try await answer.body.collect(upTo: 100))
                }
                for await _ in slow.arrived.stream { break }
                await group.triggerGracefulShutdown()
                await #expect(throws: (any Error).self) {
                    // The port closes a moment after the trigger.
                    while true {
                        _ = try await HTTPClient.shared.execute(.init(url: url + "/health/live"), timeout: .seconds(1))
                    }
                }
                slow.opened.continuation.yield()
                #expect(try await tasks.next() == "done")
                #expect(try await tasks.next() == "ended")
            }
        }
    }

    @Test("one trace runs from the request through the queue to the handler, with the tenant")
    func queue() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let made = try await client.send(
                .post,
                "/tiny/api/notes",
                token: fixture.otherTenant.staffToken,
                json: ["text": "a"],
                headers: [.traceparent: TraceTests.given]
            )
            let note = try made.decode(TinyService.Note.self)
            #expect(try await fixture.drain() == 1)
            let seen = try #require(NoteReader.seen.withLock { $0[note.id] })
            #expect(seen.trace?.contains("0af7651916cd43dd8448eb211c80319c") == true)
            #expect(seen.tenant == fixture.otherTenant.id)
            let list = try await client.send(.get, "/tiny/api/notes", token: fixture.otherTenant.staffToken)
            #expect(list.text.contains("a (read)"))
            #expect(try await fixture.drain() == 0)
        }
    }

    @Test("finishes the delivery in flight before its database closes")
    func delivery() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let access = AccessAdministration(database: test.database)
            let tenant = try await access.ensureTenant("here")
            let note = UUID()
            try await test.database.transaction(tenant: tenant) { tx in
                try await tx.execute(
                    "INSERT INTO tiny.notes (tenant_id, note_id, text) VALUES (\(tenant.uuid), \(note), 'a')"
                )
                try tx.publish(NoteWritten(note: note))
            }
            let gate = NoteReader.Gate()
            let host = try host(on: test)
            let ports = AsyncStream.makeStream(of: Int.self)
            let group = ServiceGroup(services: [Running(host: host, port: ports.continuation)], logger: test.logger)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await NoteReader.$gate.withValue(gate) { try await group.run() } }
                for await _ in gate.arrived.stream { break }
                await group.triggerGracefulShutdown()
                gate.opened.continuation.yield()
                try await tasks.waitForAll()
            }
            let rows = try await test.database.query("SELECT text FROM tiny.notes")
            #expect(try rows.first?.decode(String.self, column: "text") == "a (read)")
            let state = try await QueueInspector(database: test.database).subscriptions()
            #expect(state.first?.lag == 0 && state.first?.retries == 0)
        }
    }

    private func host(on test: TestDatabase) throws -> ServiceHost {
        let provider = InMemoryProvider(
            values: ["database.url": .init(stringLiteral: test.url), "http.port": "0", "http.host": "127.0.0.1"]
        )
        return try ServiceHost(
            modules: [TinyService.self],
            configuration: ConfigReader(provider: provider),
            logger: test.logger
        )
    }
}
