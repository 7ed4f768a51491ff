import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Postgres
import ServiceKit
import Synchronization
import TestKit
import Testing

@Suite("A request with an Idempotency-Key takes effect once")
struct IdempotencyTests {
    typealias NewNote = TinyService.NewNote

    private static func count(_ fixture: TestService) async throws -> Int {
        let rows = try await fixture.database.query("SELECT count(*) AS n FROM tiny.notes")
        return try #require(rows.first).decode(Int.self, column: "n")
    }

    @Test("the same request is answered the same, headers and all")
    func replay() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let send = {
                try await client.send(
                    .post,
                    "/tiny/api/notes",
                    token: fixture.tenant.staffToken,
                    json: NewNote(text: "a"),
                    idempotencyKey: "\"k-1\""
                )
            }
            let first = try await send()
            let second = try await send()
            #expect(first.status == .created && second.status == .created)
            #expect(first.text == second.text)
            #expect(first.headers[.idempotentReplayed] == nil && second.headers[.idempotentReplayed] == "true")
            for name in [HTTPField.Name.location, .eTag, .contentType] {
                #expect(first.headers[name] != nil && first.headers[name] == second.headers[name])
            }
            #expect(try await Self.count(fixture) == 1)
        }
    }

    @Test("another body, or another path, under the same key is a 422")
    func reuse() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let token = fixture.tenant.staffToken
            let path = "/tiny/api/notes"
            _ = try await client.send(.post, path, token: token, json: NewNote(text: "a"), idempotencyKey: "k")
            for (path, text) in [(path, "b"), (path + "?x=1", "a")] {
                let again = try await client.send(
                    .post,
                    path,
                    token: token,
                    json: NewNote(text: text),
                    idempotencyKey: "k"
                )
                #expect(again.problem?.status == 422 && again.problem?.type == "idempotency-key-reused")
            }
            #expect(try await Self.count(fixture) == 1)
        }
    }

    @Test("a missing or senseless key is a 400", arguments: ["", "a b", String(repeating: "x", count: 256), "\"\""])
    func missing(key: String) async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let answer = try await client.send(
                .post,
                "/tiny/api/notes",
                token: fixture.tenant.staffToken,
                json: NewNote(text: "a"),
                idempotencyKey: key
            )
            #expect(answer.problem?.status == 400 && answer.problem?.type == "idempotency-key-required")
        }
    }

    @Test("what failed is undone and may be tried again under its key", arguments: ["refused", "broken"])
    func failure(text: String) async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let token = fixture.tenant.staffToken
            for _ in 1...2 {
                let answer = try await client.send(
                    .post,
                    "/tiny/api/notes",
                    token: token,
                    json: NewNote(text: text),
                    idempotencyKey: "k"
                )
                #expect(answer.problem?.status == (text == "refused" ? 422 : 500))
                #expect(answer.headers[.idempotentReplayed] == nil)
            }
            #expect(try await Self.count(fixture) == 0)
            let rows = try await fixture.database.query("SELECT 1 FROM tiny.idempotency")
            #expect(rows.isEmpty)
        }
    }

    @Test("twenty at once have one effect: the others are told to wait, or what the first was told")
    func race() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let token = fixture.tenant.staffToken
            let answers = try await withThrowingTaskGroup(of: TestResponse.self) { group in
                for _ in 1...20 {
                    group.addTask {
                        try await client.send(
                            .post,
                            "/tiny/api/notes",
                            token: token,
                            json: NewNote(text: "a"),
                            idempotencyKey: "k"
                        )
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let created = answers.filter { $0.status == .created }
            let waiting = answers.filter { $0.status == .conflict }
            #expect(created.count + waiting.count == 20)
            #expect(created.filter { $0.headers[.idempotentReplayed] == nil }.count == 1)
            #expect(Set(created.map(\.text)).count == 1)
            #expect(waiting.allSatisfy { $0.problem?.type == "in-progress" && $0.headers[.retryAfter] == "1" })
            #expect(try await Self.count(fixture) == 1)
        }
    }

    @Test("while the first is at work, a second is told to wait")
    func inProgress() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let name = "tiny.idempotency \(fixture.tenant.id) k"
            try await fixture.database.transaction { tx in
                try await tx.query("SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))")
                let answer = try await client.send(
                    .post,
                    "/tiny/api/notes",
                    token: fixture.tenant.staffToken,
                    json: NewNote(text: "a"),
                    idempotencyKey: "k"
                )
                #expect(answer.problem?.status == 409 && answer.headers[.retryAfter] == "1")
            }
        }
    }

    @Test("what is prepared outside the transaction is not prepared for a replay")
    func preparing() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let note = NewNote(text: UUID().uuidString)
            for _ in 1...2 {
                let answer = try await client.send(
                    .post,
                    "/tiny/api/prepared",
                    token: fixture.tenant.staffToken,
                    json: note,
                    idempotencyKey: "k"
                )
                #expect(answer.status == .created)
            }
            #expect(TinyService.prepared.withLock { $0[note.text] } == 1)
        }
    }

    @Test("tenants' keys are their own")
    func tenants() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            for tenant in [fixture.tenant, fixture.otherTenant] {
                let answer = try await client.send(
                    .post,
                    "/tiny/api/notes",
                    token: tenant.machineToken,
                    json: NewNote(text: tenant.slug),
                    idempotencyKey: "k"
                )
                #expect(answer.status == .created && answer.text.contains(tenant.slug))
            }
        }
    }

    @Test("answers are kept for a day at least, and cleared after two")
    func purge() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let tenant = fixture.tenant.id.uuid
            for (key, hours) in [("fresh", 25), ("old", 49)] {
                try await fixture.database.execute(
                    """
                    INSERT INTO tiny.idempotency (tenant_id, key, fingerprint, status, headers, body, created_at)
                    VALUES (\(tenant), \(key), \([UInt8](repeating: 0, count: 32)), \(Int16(201)), '{}', ''::bytea,
                        \(Date(timeIntervalSinceNow: -3600 * Double(hours))))
                    """
                )
            }
            _ = try await client.send(
                .post,
                "/tiny/api/notes",
                token: fixture.tenant.staffToken,
                json: NewNote(text: "a"),
                idempotencyKey: "new"
            )
            let keys = try await fixture.database.query("SELECT key FROM tiny.idempotency ORDER BY key")
                .map { try $0.decode(String.self, column: "key") }
            #expect(keys == ["fresh", "new"])
        }
    }
}
