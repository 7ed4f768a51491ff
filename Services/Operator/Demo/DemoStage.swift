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
    let startPage: StartPage
    private let host: ServiceHost

    init(access: DatabaseAccess, address: ServingAddress, facts: ProgrammeFacts, progress: Progress) async throws {
        let logger = Logger(label: "tradewind")
        self.access = access
        self.address = address
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
        self.startPage = startPage
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
        let service = PlayService(staysUp: staysUp) { try await withHTTPClient(play) }
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
}
