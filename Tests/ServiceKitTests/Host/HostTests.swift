import AsyncHTTPClient
import Configuration
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import ServiceLifecycle
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

    /// Answers after the test says so.
    private struct Slow: Sendable {
        let arrived = AsyncStream.makeStream(of: Void.self)
        let released = AsyncStream.makeStream(of: Void.self)
    }

    private struct Running: Service {
        let host: ServiceHost
        let port: AsyncStream<Int>.Continuation
        func run() async throws { try await host.run { port.yield($0) } }
    }

    @Test("finishes the request in flight before it ends, and takes no new ones")
    func shutdown() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let provider = InMemoryProvider(
                values: ["database.url": .init(stringLiteral: test.url), "http.port": "0", "http.host": "127.0.0.1"]
            )
            var host = try ServiceHost(
                modules: [TinyService.self],
                configuration: ConfigReader(provider: provider),
                logger: test.logger
            )
            let slow = Slow()
            host.extraRoutes.append { router in
                router.get("/slow") { _, _ in
                    slow.arrived.continuation.yield()
                    for await _ in slow.released.stream { break }
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
                    let answer = try await HTTPClient.shared.execute(.init(url: url + "/slow"), timeout: .seconds(20))
                    return String(buffer: try await answer.body.collect(upTo: 100))
                }
                for await _ in slow.arrived.stream { break }
                await group.triggerGracefulShutdown()
                await #expect(throws: (any Error).self) {
                    // The port closes a moment after the trigger.
                    while true {
                        _ = try await HTTPClient.shared.execute(.init(url: url + "/health/live"), timeout: .seconds(5))
                    }
                }
                slow.released.continuation.yield()
                #expect(try await tasks.next() == "done")
                #expect(try await tasks.next() == "ended")
            }
        }
    }
}
