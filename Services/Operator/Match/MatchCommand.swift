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
              tradewind match market.json --explain s17 --seed "2018 summit"
              tradewind match market.json --proposing firms --json -o result.json
            """
    )

    @Argument(help: "The market: a JSON file, a directory with two CSV files, or -.")
    var market: String

    @OptionGroup var rules: RuleOptions

    @Argument(
        help: ArgumentHelp("With --explain: whose place to explain; everybody's if none is named.", valueName: "id")
    )
    var applicants: [String] = []

    @Flag(help: "Explain why applicants have the places they have.")
    var explain = false

    @Flag(help: "Tell how many would be placed with one seat more or less at each firm.")
    var sensitivity = false

    @Option(
        help: ArgumentHelp(
            "An earlier result: of the stable matchings one is found in which the most keep their place.",
            valueName: "matching"
        )
    )
    var previous: String?

    @Flag(help: "How to write the result; a table unless told.")
    var form: OutputForm = .table

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to a file instead of the standard output.", valueName: "file")
    )
    var output: String?

    func validate() throws {
        if !explain, !applicants.isEmpty { throw ValidationError("Applicants are named to --explain their places.") }
    }

    func run() async throws {
        let explained: MatchRun.Explained = !explain ? .nobody : applicants.isEmpty ? .everybody : .some(applicants)
        var rules = rules.rules
        if let previous { rules.previous = try MarketSource.previous(previous) }
        let run = MatchRun(
            rules: rules,
            explained: explained,
            form: form.form,
            findsSensitivity: sensitivity,
            progress: MatchTerminal.progress
        )
        let source = try MarketSource.read(market)
        try MatchOutput(output).finish { run.match(source, file: market, write: $0) }
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

    @Option(help: "What to look for: stable, most-placed, strong, super, envy-free or close-firms.")
    var goal: MatchingRules.Goal = .stable

    @Option(help: ArgumentHelp("The public seed of the lottery that breaks ties.", valueName: "text"))
    var seed = ""

    @Option(help: ArgumentHelp("Tells the lotteries of several rounds apart.", valueName: "text"))
    var round = ""

    @Option(help: "What stability means with couples: kpr, after Kojima, Pathak and Roth.")
    var couples: CouplesNotion = .kpr

    @Option(help: ArgumentHelp("A place that is settled beforehand. May be repeated.", valueName: "id=place"))
    var lock: [LockedPlace] = []

    var rules: MatchingRules {
        let locked = Dictionary(lock.map { ($0.applicant, $0.place) }) { _, last in last }
        return MatchingRules(proposing: proposing, goal: goal, seed: seed, round: round, locked: locked)
    }
}

extension MatchingRules.Proposing: ExpressibleByArgument {}
extension MatchingRules.Goal: ExpressibleByArgument {}

enum CouplesNotion: String, ExpressibleByArgument {
    case kpr
}

struct LockedPlace: ExpressibleByArgument {
    let applicant: String
    let place: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        (applicant, place) = (parts[0], parts[1])
    }
}
