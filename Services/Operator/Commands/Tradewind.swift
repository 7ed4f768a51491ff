import ArgumentParser
import Postgres
import ServiceKit

/// The operator's command.
struct Tradewind: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "tradewind",
        abstract: "Runs the programmes of a city or an agency: events, matching, and the mails about them.",
        discussion: """
            EXAMPLES
              See it at work, with a real programme and people who don't exist:
                tradewind demo
              Serve everything on one port, with a private PostgreSQL:
                tradewind up
              Serve it from a PostgreSQL of yours, and send real mail:
                DATABASE_URL=postgres://… SMTP_URL=smtp://mail.example:587 tradewind up
              Find out what is missing:
                tradewind doctor

            Settings are read from the environment and from the file .env; `tradewind --help-config` lists them.
            """,
        version: version,
        subcommands: [
            UpCommand.self, DemoCommand.self, MigrateCommand.self, DoctorCommand.self, QueueCommand.self,
            TenantCommand.self, TokenCommand.self, InboxCommand.self, MatchCommand.self, VerifyCommand.self,
            MeetingsCommand.self,
        ]
    )

    @Flag(help: "List every setting with its default.")
    var helpConfig = false

    func run() async throws {
        guard helpConfig else { throw CleanExit.helpRequest(self) }
        Console().put(ConfigurationHelp.text(for: Installation.modules))
    }

    /// Runs the command line and ends the process: 0 done, 1 failed, 2 asked wrongly.
    static func launch() async {
        do {
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            endProcess(status(of: error, console: Console()))
        }
    }

    private static func status(of error: any Error, console: Console) -> Int32 {
        let code = exitCode(for: error)
        if code.isSuccess {
            console.put(fullMessage(for: error))
            return 0
        }
        if code == .validationFailure {
            console.say(fullMessage(for: error))
            return 2
        }
        switch error {
        case is ExitCode: return code.rawValue
        case let fault as ConfigurationFault:
            console.report(fault.description)
            return 2
        case let error as PostgresError where ["3F000", "42P01", "42883"].contains(error.sqlState):
            console.report("The database is not up to date.\nNext: tradewind migrate")
        case let error as PostgresError: console.report("\(error.description): \(error.message)")
        default: console.report(String(describing: error))
        }
        return (error as? CommandFailure)?.exitCode ?? 1
    }
}
