import ArgumentParser
import Hummingbird
import Logging
import MailCatcher
import ServiceKit

struct InboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox",
        abstract: "Take every mail, show it at /inbox, and deliver none: for trying out.",
        discussion: """
            The newest 10,000 mails are kept, in memory. With DATABASE_URL it has the start page with the tenants too.

            EXAMPLES
              tradewind inbox --smtp-port 1025 --port 8025
            """
    )

    @Option(help: "The port that takes mails.")
    var smtpPort = 1025
    @OptionGroup var port: PortOptions

    func validate() throws {
        if !(0...65535).contains(smtpPort) { throw ValidationError("--smtp-port must be from 0 to 65535.") }
    }

    func run() async throws {
        let settings = try await Settings()
        settings.startLogging()
        let address = try ServingAddress(port, settings: settings)
        var options = MailCatcher.Options()
        options.host = address.host
        options.port = smtpPort
        let catcher = try await MailCatcher(options: options, logger: Logger(label: "mail catcher"))
        let router = Router(context: AppContext.self)
        catcher.addInbox(to: router)
        let startPage = try settings.databaseURL.map { try StartPage(access: DatabaseAccess(url: $0, server: nil)) }
        startPage?.addRoutes(to: router)
        var application = Application(
            router: router,
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { _ in
                Console().say("Taking mails at port \(catcher.port) and showing them at \(address.url)/inbox.")
            },
            logger: Logger(label: "inbox")
        )
        application.addServices(catcher)
        if let startPage { application.addServices(startPage.database) }
        try await application.runService()
    }
}
