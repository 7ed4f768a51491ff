import ArgumentParser
import AsyncHTTPClient
import Configuration
import Foundation

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Play three real programmes with people who don't exist, and look at every page and mail.",
        discussion: """
            It serves everything as `tradewind up` does, with a mail catcher from which no mail leaves, and plays:
            the 2018 Kaohsiung summit of the O2O initiative, a talent programme's matching of students and firms, and an
            alliance in which whole teams of students go to trading firms.
            Run again it starts from what is there. The inbox holds the mails of the present run only.

            With --against it serves nothing: it plays on an installation that runs already, whose DATABASE_URL it needs
            for the tenants and tokens. That installation sends the mails, so give it a mail catcher.

            EXAMPLES
              tradewind demo
              tradewind demo --once --json
              tradewind demo --data /tmp/tradewind-demo
              DATABASE_URL=postgres://… tradewind demo --against http://localhost:8080
            """
    )

    @Flag(help: "Play, tell what came of it, and end: with 1 if something is not as it must be.")
    var once = false
    @Option(help: ArgumentHelp("Play on the installation at this address, and end.", valueName: "url"))
    var against: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var port: PortOptions
    @OptionGroup var data: DataOptions

    func validate() throws {
        guard let against else { return }
        guard let url = URL(string: against), ["http", "https"].contains(url.scheme), url.host != nil else {
            throw ValidationError("--against must be an address such as http://localhost:8080.")
        }
    }

    func run() async throws {
        let console = Console()
        let began = ContinuousClock.now
        let settings = try await Settings()
        let facts = try ProgrammeFacts()
        let progress = Progress(console: console)
        @Sendable func play(
            _ access: DatabaseAccess,
            base: String,
            publicURL: String,
            startPage: StartPage? = nil,
            _ client: HTTPClient
        ) async throws -> [String] {
            let play = DemoPlay(
                access: access,
                facts: facts,
                base: base,
                publicURL: publicURL,
                client: client,
                progress: progress,
                began: began
            )
            let (report, links) = try await play.run()
            startPage?.show(links)
            if output.json {
                try console.put(json: report)
            } else {
                console.put(report.table)
            }
            let faults = report.faults(facts)
            faults.forEach { console.say("\(console.styled("fault:", .red)) \($0)") }
            if !once {
                console.say(links.text(console))
                if against == nil { console.say("Ctrl-C ends it. Run it again, and it starts from what is there.") }
            }
            return faults
        }

        let faults: [String]
        if let against {
            guard settings.databaseURL != nil else {
                throw CommandFailure("--against needs the DATABASE_URL of that installation.", exitCode: 2)
            }
            let base = against.hasSuffix("/") ? String(against.dropLast()) : against
            let publicURL = settings.text("public.url") ?? base
            faults = try await DatabaseAccess.use(data) { access in
                try await withHTTPClient { try await play(access, base: base, publicURL: publicURL, $0) }
            }
        } else {
            let address = try ServingAddress(port, settings: settings)
            faults = try await DatabaseAccess.use(data, progress: progress) { access in
                let stage = try await DemoStage(access: access, address: address, facts: facts, progress: progress)
                return try await stage.run(staysUp: !once) { client in
                    try await play(
                        access,
                        base: "http://127.0.0.1:\(address.port)",
                        publicURL: address.url,
                        startPage: stage.startPage,
                        client
                    )
                }
            }
        }
        guard faults.isEmpty else { throw ExitCode(1) }
    }
}
