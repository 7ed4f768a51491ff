import ArgumentParser
import MarketFile

/// `tradewind verify`
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check somebody's matching of a market.",
        discussion: """
            Runs the checker alone: it shares no code with the solver. MATCHING is a JSON file with a key "matching", \
            as `tradewind match --json` writes it.

            Exit status: 0 if the matching is what the rules ask for, 1 if it is not, 2 for bad input.

            Example:
              tradewind verify market.json result.json
            """
    )

    @Argument(help: "The market: a JSON file, a directory with two CSV files, or -.")
    var market: String

    @Argument(help: "The matching: a JSON file.")
    var matching: String

    @OptionGroup var rules: RuleOptions

    @Flag(help: "Write the certificate as JSON.")
    var json = false

    func run() async throws {
        let run = MatchRun(rules: rules.rules, form: json ? .json : .table, progress: MatchTerminal.progress)
        let source = try MarketSource.read(market)
        let places = try MarketSource.bytes(matching)
        try Terminal.finish(run.verify(source, file: market, matching: places, matchingFile: matching), output: nil)
    }
}
