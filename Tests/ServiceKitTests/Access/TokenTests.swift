import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Access
@testable import ServiceKit

@Suite("API tokens")
struct TokenTests {
    @Test("a token says who asks; without one, with a wrong one or a weaker one there is no way")
    func roles() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let list = { (token: String?, headers: HTTPFields) in
                try await client.send(.get, "/tiny/api/notes", token: token, headers: headers)
            }
            #expect(try await list(fixture.tenant.readerToken, [:]).status == .ok)
            let none = try await list(nil, [:])
            #expect(none.problem?.status == 401 && none.headers[.wwwAuthenticate] == "Bearer realm=\"tradewind\"")
            let forged = "tw_" + String(repeating: "A", count: 43)
            for header in ["Bearer \(forged)", "Bearer x", "Basic eDp5", "Bearer", ""] {
                let wrong = try await list(nil, [.authorization: header])
                #expect(wrong.problem?.type == "invalid-token" && wrong.status == .unauthorized)
                #expect(wrong.headers[.wwwAuthenticate]?.contains("invalid_token") == true)
            }
            let weak = try await client.send(
                .post,
                "/tiny/api/notes",
                token: fixture.tenant.readerToken,
                json: ["text": "a"]
            )
            #expect(weak.problem?.status == 403)
        }
    }

    @Test("a tenant's token shows nothing of another tenant's")
    func tenants() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            _ = try await client.send(
                .post,
                "/tiny/api/notes",
                token: fixture.tenant.staffToken,
                json: ["text": "mine"]
            )
            let own = try await client.send(.get, "/tiny/api/notes", token: fixture.tenant.staffToken)
            let other = try await client.send(.get, "/tiny/api/notes", token: fixture.otherTenant.staffToken)
            #expect(own.text.contains("mine"))
            #expect(other.text == #"{"items":[]}"#)
        }
    }

    @Test("only the hash is kept, names are unique among the living")
    func storage() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let access = AccessAdministration(database: test.database)
            let tenant = try await access.ensureTenant("here")
            let token = try await access.makeToken(tenant: tenant, role: .staff, name: "office", expires: nil)
            #expect(token.wholeMatch(of: /tw_[A-Za-z0-9_-]{43}/) != nil)
            let rows = try await test.database.query("SELECT to_jsonb(t)::text AS row FROM access.api_tokens t")
            let row = try #require(rows.first).decode(String.self, column: "row")
            #expect(!row.contains(token) && !row.contains(token.dropFirst(3)))
            await #expect(throws: PostgresError.self) {
                try await access.makeToken(tenant: tenant, role: .staff, name: "office", expires: nil)
            }
            #expect(try await access.revokeToken(tenant: tenant, name: "office"))
            #expect(try await !access.revokeToken(tenant: tenant, name: "office"))
            let second = try await access.makeToken(tenant: tenant, role: .staff, name: "office", expires: nil)
            #expect(second != token)
        }
    }

    @Test("a revoked token lives 30 seconds at most; an unknown one is asked for again after two")
    func revocation() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let clock = TestClock()
            let access = AccessAdministration(database: test.database)
            let store = AccessStore(database: test.database, now: { clock.now })
            let tenant = try await access.ensureTenant("here")
            let token = try await access.makeToken(tenant: tenant, role: .staff, name: "office", expires: nil)
            #expect(try await store.principal(token: token) == Principal(tenant: tenant, role: .staff, name: "office"))
            _ = try await access.revokeToken(tenant: tenant, name: "office")
            clock.advance(by: .seconds(29))
            #expect(try await store.principal(token: token) != nil)
            clock.advance(by: .seconds(1))
            #expect(try await store.principal(token: token) == nil)

            #expect(try await store.tenant(slug: "later") == nil)
            let later = try await access.ensureTenant("later")
            #expect(try await store.tenant(slug: "later") == nil)
            clock.advance(by: .seconds(2))
            #expect(try await store.tenant(slug: "later")?.id == later)
            #expect(try await store.tenant(id: later)?.slug == "later")
        }
    }

    @Test("an expired token is none, also while it is remembered")
    func expiry() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let access = AccessAdministration(database: test.database)
            let store = AccessStore(database: test.database)
            let tenant = try await access.ensureTenant("here")
            let past = try await access.makeToken(
                tenant: tenant,
                role: .staff,
                name: "past",
                expires: Date(timeIntervalSinceNow: -1)
            )
            #expect(try await store.principal(token: past) == nil)
            let future = try await access.makeToken(
                tenant: tenant,
                role: .reader,
                name: "future",
                expires: Date(timeIntervalSinceNow: 3600)
            )
            #expect(try await store.principal(token: future)?.role == .reader)
        }
    }

    @Test("what is not of a token's form never reaches the database", arguments: ["", "tw_", "tw_\u{0}", "tw_ÄÖÜ"])
    func form(token: String) {
        #expect(!APIToken.isWellFormed(token))
        #expect(APIToken.isWellFormed(APIToken.make()))
    }

    @Test("a tenant is made once, and told with its name, language and zone")
    func tenant() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let access = AccessAdministration(database: test.database)
            let first = try await access.ensureTenant("here")
            #expect(try await access.ensureTenant("here") == first)
            let record = try #require(await AccessStore(database: test.database).tenant(slug: "here"))
            #expect(record.id == first && record.language == .vietnamese)
            #expect(record.timeZone.description == "Asia/Ho_Chi_Minh" && record.name[.english] == "City")
            for slug in ["api", "l", "Here", "-a", ""] {
                await #expect(throws: PostgresError.self) { try await access.ensureTenant(slug) }
            }
        }
    }
}

extension AccessAdministration {
    func ensureTenant(_ slug: String) async throws -> TenantID {
        try await ensureTenant(
            slug: slug,
            name: LocalizedText([.english: "City"]),
            language: .vietnamese,
            timeZone: TimeZoneID("Asia/Ho_Chi_Minh")
        )
    }
}

/// A clock that stands until the test moves it.
final class TestClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { instant.withLock { $0 } }
    func advance(by duration: Duration) { instant.withLock { $0 += duration } }
}
