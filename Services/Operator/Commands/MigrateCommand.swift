import ArgumentParser
import Logging
import ServiceKit

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's schemas and roles up to date.",
        discussion: """
            `tradewind up` does it by itself. Run it on its own before new versions of the services are rolled out.

            EXAMPLES
              tradewind migrate --dry-run
              DATABASE_URL=postgres://… tradewind migrate
            """
    )

    @Flag(name: .customLong("dry-run"), help: "Tell what would be done, and do nothing.")
    var isDryRun = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let console = Console()
        let names = try await DatabaseAccess.use(data) { access in
            let logger = Logger(label: "migrate")
            if isDryRun {
                return try await MigrationPlan.pending(url: access.url, logger: logger)
            }
            return try await ServiceHost.migrate(modules: Installation.modules, url: access.url, logger: logger)
        }
        if output.json { return try console.put(json: [isDryRun ? "pending" : "applied": names]) }
        names.forEach(console.put)
        switch (names.isEmpty, isDryRun) {
        case (true, _): console.say("Everything is up to date.")
        case (false, true): console.say("Run `tradewind migrate` to apply \(names.count).")
        case (false, false): console.say("Applied \(names.count).")
        }
    }
}
