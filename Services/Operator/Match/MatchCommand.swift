public import ArgumentParser
import MarketFile
public import MatchingEngine

/// `tradewind match`
struct MatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Match the market of a file.",
        discussion: """
            MARKET is a JSON file of the format tradewind-market/1, a directory that holds applicants.csv and \
            firms.csv, or - for JSON from the standard input.

            Exit status: 0 for a matching with what was asked for; 2 for bad input; 3 if there is no such matching: \
            then the least bad one is given, and the certificate says what was proved.

            Examples:
              tradewind match market.json
              tradewind match market.json --seed "2018 summit" --explain s17
              tradewind match market.json --proposing firms --json -o result.json
            """
    )

    @Argument(help: "The market: a JSON file, a directory with two CSV files, or -.")
    var market: String

    @OptionGroup var rules: RuleOptions

    @Flag(help: "Explain each applicant's place.")
    var explainAll = false

    @Option(help: ArgumentHelp("Explain one applicant's place.", valueName: "id"))
    var explain: String?

    @Flag(help: "How to write the result; a table unless told.")
    var form: OutputForm = .table

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to a file instead of the standard output.", valueName: "file")
    )
    var output: String?

    func run() async throws {
        let explained: MatchRun.Explained = explain.map { .one($0) } ?? (explainAll ? .everybody : .nobody)
        let run = MatchRun(rules: rules.rules, explained: explained, form: form.form)
        try Terminal.finish(run.match(try MarketSource.read(market), file: market), output: output)
    }
}

enum OutputForm: String, EnumerableFlag {
    case table, json, csv

    var form: MatchRun.Form {
        switch self {
        case .table: .table
        case .json: .json
        case .csv: .csv
        }
    }
}

struct RuleOptions: ParsableArguments {
    @Option(help: "Which side proposes and so gets the best it can have: applicants or firms.")
    var proposing: MatchingRules.Proposing = .applicants

    @Option(help: "What to look for: stable, most-placed, strong, super or envy-free.")
    var goal: MatchingRules.Goal = .stable

    @Option(help: ArgumentHelp("The public seed of the lottery that breaks ties.", valueName: "text"))
    var seed = ""

    @Option(help: ArgumentHelp("Tells the lotteries of several rounds apart.", valueName: "text"))
    var round = ""

    var rules: MatchingRules { MatchingRules(proposing: proposing, goal: goal, seed: seed, round: round) }
}

extension MatchingRules.Proposing: ExpressibleByArgument {}
extension MatchingRules.Goal: ExpressibleByArgument {}
