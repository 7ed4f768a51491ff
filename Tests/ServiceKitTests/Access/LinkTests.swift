import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@testable import Access
@testable import ServiceKit

@Suite("Personal links")
struct LinkTests {
    @Test("a link opens its page, and only for its purpose")
    func opens() async throws {
        try await TestService.run(TinyService.self) { client, fixture in
            let subject = UUID()
            let link = try await fixture.links.sign(tenant: fixture.tenant.id, purpose: "note", subject: subject)
            #expect(link.wholeMatch(of: /[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{22}/) != nil)
            #expect(link.utf8.count < 100)
            let good = try await client.send(.get, "/tiny/l/\(link)")
            #expect(good.status == .ok && good.text.contains(subject.uuidString))
            let other = try await fixture.links.sign(tenant: fixture.tenant.id, purpose: "queue", subject: subject)
            let wrong = try await client.send(.get, "/tiny/l/\(other)")
            #expect(wrong.problem?.status == 404)
        }
    }

    @Test("any change to a link makes it open nothing, and it does not tell why")
    func forged() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let tenant = try await AccessAdministration(database: test.database).ensureTenant("here")
            let signer = LinkSigner(database: test.database)
            let link = try await signer.sign(tenant: tenant, purpose: "note", subject: UUID())
            let parts = link.split(separator: ".")
            let bytes = try #require(Base64URL.decode(parts[0]))
            for index in bytes.indices {
                var changed = bytes
                changed[index] ^= 1
                await #expect(throws: InvalidLink.self) {
                    try await signer.verify("\(Base64URL.encode(changed)).\(parts[1])", purpose: "note", "note")
                }
            }
            let code = try #require(Base64URL.decode(parts[1]))
            for index in code.indices {
                var changed = code
                changed[index] ^= 1
                await #expect(throws: InvalidLink.self) {
                    try await signer.verify("\(parts[0]).\(Base64URL.encode(changed))", purpose: "note")
                }
            }
            let broken = ["", ".", "\(parts[0])", "\(parts[0]).", "\(link).", "\(link)=", "\(parts[0])..\(parts[1])"]
            for text in broken + [String(repeating: "A", count: 500), "ä.ö"] {
                await #expect(throws: InvalidLink.self) { try await signer.verify(text, purpose: "note") }
            }
            #expect(try await signer.verify(link, purpose: "other", "note").tenant == tenant)
        }
    }

    @Test("a link ends at its time")
    func expiry() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let tenant = try await AccessAdministration(database: test.database).ensureTenant("here")
            let signer = LinkSigner(database: test.database)
            let sign = { (seconds: Double) in
                try await signer.sign(
                    tenant: tenant,
                    purpose: "note",
                    subject: UUID(),
                    expires: Date(timeIntervalSinceNow: seconds)
                )
            }
            let open = try await sign(60)
            #expect(try await signer.verify(open, purpose: "note").expires != nil)
            let ended = try await sign(-1)
            await #expect(throws: InvalidLink.self) { try await signer.verify(ended, purpose: "note") }
        }
    }

    @Test("keys rotate: old links work until their key is removed, new ones at once everywhere")
    func rotation() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let clock = TestClock()
            let access = AccessAdministration(database: test.database)
            let tenant = try await access.ensureTenant("here")
            let here = LinkSigner(database: test.database, now: { clock.now })
            let elsewhere = LinkSigner(database: test.database, now: { clock.now })
            let old = try await here.sign(tenant: tenant, purpose: "note", subject: UUID())
            #expect(try await elsewhere.verify(old, purpose: "note").tenant == tenant)

            #expect(try await access.rotateLinkKey(tenant: tenant) == 2)
            let fresh = LinkSigner(database: test.database, now: { clock.now })
            let new = try await fresh.sign(tenant: tenant, purpose: "note", subject: UUID())
            #expect(LinkPayload(Base64URL.decode(new.split(separator: ".")[0]) ?? [])?.key == 2)
            #expect(try await elsewhere.verify(new, purpose: "note").tenant == tenant)
            #expect(try await elsewhere.verify(old, purpose: "note").tenant == tenant)

            #expect(try await access.removeLinkKeys(tenant: tenant, before: 2) == 1)
            clock.advance(by: .seconds(30))
            await #expect(throws: InvalidLink.self) { try await elsewhere.verify(old, purpose: "note") }
            #expect(try await elsewhere.verify(new, purpose: "note").tenant == tenant)
        }
    }

    @Test("nobody can sign for a tenant that does not exist, or with another tenant's key")
    func tenants() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let access = AccessAdministration(database: test.database)
            let one = try await access.ensureTenant("one")
            let two = try await access.ensureTenant("two")
            let signer = LinkSigner(database: test.database)
            await #expect(throws: UnknownTenant.self) {
                try await signer.sign(tenant: TenantID(), purpose: "note", subject: UUID())
            }
            let subject = UUID()
            let first = try await signer.sign(tenant: one, purpose: "note", subject: subject)
            let second = try await signer.sign(tenant: two, purpose: "note", subject: subject)
            let mixed = "\(first.split(separator: ".")[0]).\(second.split(separator: ".")[1])"
            await #expect(throws: InvalidLink.self) { try await signer.verify(mixed, purpose: "note") }
        }
    }
}
