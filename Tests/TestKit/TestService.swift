import Configuration
public import Domain
import Foundation
import Hummingbird
public import HummingbirdTesting
public import Messaging
public import Postgres
public import ServiceKit

/// Services as a host wires them, on a database of their own, with two tenants and tokens. Requests go straight to the
/// router; consumers run when the test says `drain`.
public struct TestService: Sendable {
    /// A tenant and its tokens.
    public struct Tenant: Sendable {
        public let id: TenantID
        public let slug: String
        public let staffToken: String
        public let machineToken: String
        public let readerToken: String
    }

    public let tenant: Tenant
    /// Somebody else, who must see nothing of `tenant`'s.
    public let otherTenant: Tenant
    /// As the owner: row-level security does not bind it.
    public let database: Database
    public let url: String
    public let access: AccessAdministration
    public let links: LinkSigner
    public let consumers: [Consumer]

    /// Delivers all messages that are due to the modules' handlers. Tells how many there were.
    @discardableResult
    public func drain(includingRetries: Bool = false) async throws -> Int {
        var handled = 0
        for consumer in consumers { handled += try await consumer.drain(includingRetries: includingRetries) }
        return handled
    }

    /// `settings` are configuration keys such as `public.url`.
    public static func run(
        _ modules: any ServiceModule.Type...,
        settings: [String: String] = [:],
        _ body: @escaping @Sendable (any TestClientProtocol, TestService) async throws -> Void
    ) async throws {
        try await run(modules: modules, settings: settings, body)
    }

    public static func run(
        modules: [any ServiceModule.Type],
        settings: [String: String],
        setup: TestingSetup = .router,
        _ body: @escaping @Sendable (any TestClientProtocol, TestService) async throws -> Void
    ) async throws {
        try await TestDatabase.withDatabase(.services(modules)) { test in
            var values = [
                "database.url": test.url, "database.pool.size": "8", "http.port": "0",
                "public.url": "https://tradewind.test",
            ]
            values.merge(settings) { $1 }
            let provider = InMemoryProvider(
                values: Dictionary(
                    uniqueKeysWithValues: values.map { key, value in
                        (
                            AbsoluteConfigKey(key.split(separator: ".").map(String.init)),
                            ConfigValue(stringLiteral: value)
                        )
                    }
                )
            )
            let host = try ServiceHost(
                modules: modules,
                configuration: ConfigReader(provider: provider),
                logger: test.logger
            )
            let parts = try host.assemble()
            let access = AccessAdministration(database: test.database)
            let service = TestService(
                tenant: try await makeTenant("kaohsiung", access),
                otherTenant: try await makeTenant("elsewhere", access),
                database: test.database,
                url: test.url,
                access: access,
                links: LinkSigner(database: test.database),
                consumers: parts.consumers
            )
            var application = parts.application
            application.addServices(parts.databases)
            try await application.test(setup) { client in try await body(client, service) }
        }
    }

    private static func makeTenant(_ slug: String, _ access: AccessAdministration) async throws -> Tenant {
        let id = try await access.ensureTenant(
            slug: slug,
            name: LocalizedText([.english: "City of \(slug)"]),
            language: .english,
            timeZone: TimeZoneID("Asia/Taipei")
        )
        return Tenant(
            id: id,
            slug: slug,
            staffToken: try await access.makeToken(tenant: id, role: .staff, name: "staff", expires: nil),
            machineToken: try await access.makeToken(tenant: id, role: .machine, name: "machine", expires: nil),
            readerToken: try await access.makeToken(tenant: id, role: .reader, name: "reader", expires: nil)
        )
    }
}
