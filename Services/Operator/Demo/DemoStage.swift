import AsyncHTTPClient
import Configuration
import Logging
import MailCatcher
import ServiceKit

/// Everything that the demo plays on: the services on one port, and a mail catcher instead of a mail server.
struct DemoStage: Sendable {
    let access: DatabaseAccess
    let address: ServingAddress
    let catcher: MailCatcher
    let facts: ProgrammeFacts
    private let host: ServiceHost

    init(access: DatabaseAccess, address: ServingAddress, progress: Progress) async throws {
        let logger = Logger(label: "tradewind")
        self.access = access
        self.address = address
        facts = try ProgrammeFacts()
        try await progress.step("Bringing the database up to date") {
            _ = try await ServiceHost.migrate(modules: Installation.modules, url: access.url, logger: logger)
        }
        let catcher = try await MailCatcher(logger: Logger(label: "mail catcher"))
        self.catcher = catcher
        var host = try await Installation.host(
            access,
            at: address,
            deciding: [
                "smtp.url": ConfigValue(.string(catcher.url), isSecret: false),
                "mail.from": "Tradewind <programmes@tradewind.example>",
            ],
            logger: logger
        )
        let startPage = try StartPage(access: access)
        host.extraServices += [catcher, startPage.database]
        host.extraRoutes.append { router in
            startPage.addRoutes(to: router)
            catcher.addInbox(to: router)
        }
        self.host = host
    }

    /// Serves, and runs `play` as soon as the port answers; afterwards it ends, or stays up until Ctrl-C.
    func run<Result: Sendable>(
        staysUp: Bool,
        _ play: @escaping @Sendable (HTTPClient) async throws -> Result
    ) async throws -> Result {
        let service = PlayService(staysUp: staysUp) { try await Self.withClient(play) }
        var host = host
        host.extraServices.append(service)
        do {
            try await host.run { _ in service.begin() }
        } catch is PlayService<Result>.CurtainFell {
            // It ended as it should.
        }
        guard let outcome = service.outcome else { throw CommandFailure("It was ended before the play was over.") }
        return outcome
    }

    private static func withClient<Result: Sendable>(
        _ body: @Sendable (HTTPClient) async throws -> Result
    ) async throws -> Result {
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            let result = try await body(http)
            try await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }
}
