import ArgumentParser
import Foundation
import Logging

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Play two real programmes with people who don't exist, and look at every page and mail.",
        discussion: """
            It serves everything as `tradewind up` does, with a mail catcher from which no mail leaves, and plays:
            the 2018 Kaohsiung summit of the O2O initiative, and a talent programme's matching of students and firms.
            Run again it starts from what is there. The inbox holds the mails of the present run only.

            EXAMPLES
              tradewind demo
              tradewind demo --once --json
              tradewind demo --data /tmp/tradewind-demo
            """
    )

    @Flag(help: "Play, tell what came of it, and end: with 1 if something is not as it must be.")
    var once = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var port: PortOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let console = Console()
        let began = ContinuousClock.now
        let settings = try await Settings()
        let address = try ServingAddress(port, settings: settings)
        let progress = Progress(console: console)
        let faults = try await DatabaseAccess.use(data, progress: progress) { access in
            let stage = try await DemoStage(access: access, address: address, progress: progress)
            return try await stage.run(staysUp: !once) { client in
                let play = DemoPlay(stage: stage, client: client, progress: progress, began: began)
                let (report, links) = try await play.run()
                if output.json {
                    try console.put(json: report)
                } else {
                    console.put(report.table)
                }
                let faults = report.faults(stage.facts)
                faults.forEach { console.say("\(console.styled("fault:", .red)) \($0)") }
                if !once {
                    console.say(links.text(console))
                    console.say("Ctrl-C ends it. Run it again, and it starts from what is there.")
                }
                return faults
            }
        }
        guard faults.isEmpty else { throw ExitCode(1) }
    }
}
