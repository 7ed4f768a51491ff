import ArgumentParser
import Configuration
import Logging
import ServiceKit

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Serve everything in one process, on one port.",
        discussion: """
            Where DATABASE_URL is not set it makes and starts a private PostgreSQL, reached over a unix socket, below
            $XDG_DATA_HOME/tradewind (for root /var/lib/tradewind). It brings the database up to date and serves until
            Ctrl-C.

            EXAMPLES
              tradewind up
              tradewind up --port 9000 --data /srv/tradewind
              DATABASE_URL=postgres://… SMTP_URL=smtp://mail.example:587 PUBLIC_URL=https://… tradewind up
            """
    )

    @OptionGroup var port: PortOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Ready: Encodable {
        let url: String
    }

    func run() async throws {
        let console = Console()
        let settings = try await Settings()
        let address = try ServingAddress(port, settings: settings)
        if settings.text("smtp.url") == nil {
            console.say("No mail is sent, since SMTP_URL is not set. `tradewind demo` has a mail catcher.")
        }
        try await DatabaseAccess.use(data) { access in
            let logger = Logger(label: "tradewind")
            console.say(access.description)
            let applied = try await ServiceHost.migrate(
                modules: Installation.modules,
                url: access.url,
                logger: logger
            )
            if !applied.isEmpty { console.say("Applied \(applied.count) migrations.") }
            var host = try await Installation.host(access, at: address, logger: logger)
            let startPage = try StartPage(access: access)
            host.extraServices.append(startPage.database)
            host.extraRoutes.append { startPage.addRoutes(to: $0) }
            try await host.run { [output] _ in
                console.say("Serving at \(console.styled(address.url, .bold)). Ctrl-C ends it.")
                if output.json { try? console.put(json: Ready(url: address.url)) }
            }
        }
    }
}
