import Domain
import Foundation
import MailCatcher
import Messaging
import Postgres
import ServiceKit
import Synchronization
import TestKit

@testable import Notifications

/// A clock that goes on when the test says so.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_530_000_000))
    var now: Date { time.withLock(\.self) }
    func advance(by seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

/// A real database, a tenant, and what a mailer needs. The mailer has the service's role.
struct MailerBench: Sendable {
    let test: TestDatabase
    let tenant: TenantID
    let clock = TestClock()

    var store: OutgoingStore { OutgoingStore(database: test.database) }

    static func run(_ body: @Sendable (MailerBench) async throws -> Void) async throws {
        try await TestDatabase.withDatabase(
            .services(NotificationsService.self),
            role: "tradewind_notifications"
        ) { test in
            let tenant = try await makeTenant("kaohsiung", test)
            try await body(MailerBench(test: test, tenant: tenant))
        }
    }

    static func makeTenant(_ slug: String, _ test: TestDatabase) async throws -> TenantID {
        try await test.withPool { owner in
            try await AccessAdministration(database: owner).ensureTenant(
                slug: slug,
                name: LocalizedText([.english: "City of \(slug)", .traditionalChinese: "\(slug)市政府"]),
                language: .english,
                timeZone: TimeZoneID("Asia/Taipei")
            )
        }
    }

    func composer() throws -> MailComposer {
        MailComposer(
            writer: try MailTextTests.writer.get(),
            links: LinkSigner(database: test.database),
            publicURL: "https://programmes.example",
            sender: Mailbox(address: try EmailAddress("no-reply@programmes.example")),
            replyTo: nil
        )
    }

    func host() async throws -> MailHost? {
        try await AccessStore(database: test.database).tenant(id: tenant).map(MailHost.init)
    }

    func mailer(
        _ endpoint: SMTPEndpoint,
        lanes: Int = 2,
        configure: (inout Mailer.Options) -> Void = { _ in }
    ) throws -> Mailer {
        var options = Mailer.Options()
        options.lanes = lanes
        configure(&options)
        return Mailer(
            endpoint: endpoint,
            store: store,
            composer: try composer(),
            access: AccessStore(database: test.database),
            options: options,
            now: { [clock] in clock.now },
            logger: quiet
        )
    }

    /// Adds `count` mails and tells their Message-IDs.
    @discardableResult
    func add(
        _ count: Int = 1,
        _ content: MailContent? = nil,
        to email: String = "anh.nguyet@team.example",
        tenant: TenantID? = nil,
        traceparent: String? = nil
    ) async throws -> [String] {
        let tenant = tenant ?? self.tenant
        let content = try content ?? SampleMails.all()[0]
        let recipient = try SampleMails.recipient(.vietnamese, email: email)
        let mails = (0..<count).map { _ in
            let id = ID<OutgoingMail>()
            return NewMail(
                id: id,
                tenant: tenant,
                sourceMessage: UUID(),
                content: content,
                recipient: recipient,
                messageID: "\(id)@programmes.example",
                traceparent: traceparent,
                createdAt: clock.now
            )
        }
        try await test.database.transaction(tenant: tenant) { tx in
            for mail in mails { store.add(mail, in: tx) }
        }
        return mails.map(\.messageID)
    }

    func records() async throws -> [OutgoingRecord] {
        try await store.list(nil, after: nil, limit: 1000, tenant: tenant)
    }

    func record() async throws -> OutgoingRecord {
        guard let record = try await records().first else { throw CocoaError(.fileNoSuchFile) }
        return record
    }
}

extension MailCatcher {
    /// The Message-IDs in the order of arrival.
    var messageIDs: [String] {
        get throws { try ParsedMail.parse(all: messages.all.map(\.source)).map { $0["Message-ID"] ?? "" } }
    }
}
