import AsyncHTTPClient
import Domain
import Foundation
import Logging
import MailCatcher
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

/// Three services on one fresh database, migrated by themselves, and a mail server that keeps what it gets.
struct Installation: Sendable {
    let tenant: TenantID
    let catcher: MailCatcher
    let store: MailTable
    let events: EventsAPI
    let matchmaking: MatchmakingAPI
    let eventsProgram: Program
    let matchmakingProgram: Program
    let environment: [String: String]

    func startNotifications() throws -> Program {
        try Program("notifications", ["serve"], environment: environment)
    }

    /// One more replica of the service, on a port of its own.
    func startEvents() async throws -> (program: Program, api: EventsAPI) {
        let program = try Program("events", ["serve"], environment: environment)
        return (program, EventsAPI(client: events.client.at(port: try await program.port())))
    }

    static func run(_ body: @escaping @Sendable (Installation) async throws -> Void) async throws {
        try await TestDatabase.withDatabase(.empty) { test in
            let catcher = try await MailCatcher(logger: test.logger)
            let environment = [
                "DATABASE_URL": test.url, "DATABASE_POOL_SIZE": "6", "HTTP_PORT": "0", "LOG_LEVEL": "notice",
                "PUBLIC_URL": "https://tradewind.test", "SMTP_URL": catcher.url,
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await catcher.run() }
                defer { group.cancelAll() }
                // All at once: each has to wait for the other's migrations of what they share.
                let names = ["events", "matchmaking", "notifications"]
                let migrations = try names.map { try Program($0, ["migrate"], environment: environment) }
                for migration in migrations {
                    let status = try await migration.status()
                    #expect(status == 0, "\(migration.standardError)")
                }
                let (tenant, token) = try await Self.makeTenant(test.database)
                let eventsProgram = try Program("events", ["serve"], environment: environment)
                let matchmakingProgram = try Program("matchmaking", ["serve"], environment: environment)
                let eventsPort = try await eventsProgram.port()
                let matchmakingPort = try await matchmakingProgram.port()
                try await APIClient.withHTTP { http in
                    func client(_ port: Int) -> APIClient {
                        APIClient(http: http, base: "http://127.0.0.1:\(port)", token: token)
                    }
                    try await body(
                        Installation(
                            tenant: tenant,
                            catcher: catcher,
                            store: MailTable(database: test.database),
                            events: EventsAPI(client: client(eventsPort)),
                            matchmaking: MatchmakingAPI(client: client(matchmakingPort)),
                            eventsProgram: eventsProgram,
                            matchmakingProgram: matchmakingProgram,
                            environment: environment
                        )
                    )
                }
            }
        }
    }

    /// With a token for its staff.
    private static func makeTenant(_ database: Database) async throws -> (TenantID, token: String) {
        let access = AccessAdministration(database: database)
        let tenant = try await access.ensureTenant(
            slug: "kaohsiung",
            name: LocalizedText([.english: "Kaohsiung City"]),
            language: .english,
            timeZone: TimeZoneID("Asia/Taipei")
        )
        return (tenant, try await access.makeToken(tenant: tenant, role: .staff, name: "staff", expires: nil))
    }
}

/// The mails that notifications wants sent, as the owner sees them.
struct MailTable: Sendable {
    let database: Database

    func countOfMails(in state: String? = nil) async throws -> Int {
        try await count("SELECT count(*) FROM notifications.outgoing WHERE \(state) IS NULL OR state = \(state)")
    }

    func repeatedMails() async throws -> Int {
        try await count(
            """
            SELECT count(*) FROM (
                SELECT FROM notifications.outgoing GROUP BY tenant_id, subject_id, kind HAVING count(*) > 1
            ) AS repeated
            """
        )
    }

    /// A killed mailer's leases run out by themselves; this makes it now.
    func endLeases() async throws {
        try await database.execute("UPDATE notifications.outgoing SET due = now() WHERE state = 'leased'")
    }

    func messageIDs() async throws -> Set<String> {
        let rows = try await database.query("SELECT message_id FROM notifications.outgoing")
        let identifiers: [String] = try rows.map { try $0.decode(String.self) }
        return Set(identifiers.map { $0.hasPrefix("<") ? $0 : "<\($0)>" })
    }

    /// Of all subscriptions, or of one service's.
    func countOfOutstandingMessages(of service: String = "") async throws -> Int {
        try await QueueInspector(database: database).subscriptions()
            .filter { $0.subscription.hasPrefix(service) }
            .reduce(0) { $0 + $1.lag + $1.retries }
    }

    private func count(_ sql: SQL) async throws -> Int {
        let rows = try await database.query(sql)
        return try #require(rows.first).decode(Int.self)
    }
}
