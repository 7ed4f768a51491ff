import ArgumentParser
import Foundation

/// Matches the same files with the engine and with a C++ program, by turns, and compares what they take.
@main
struct MatchingBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matching-benchmark",
        abstract: "Compare the matching engine with a C++ reference.",
        subcommands: [Compare.self, Measure.self, Generate.self],
        defaultSubcommand: Compare.self
    )
}

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write a market file.")

    @Argument var workload: Workload
    @Argument var file: String

    func run() throws { try MarketGenerator(workload).write(to: file) }
}

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run both and compare.")

    @Option(help: "How often each is run; the medians are compared.") var rounds = 5
    @Option(help: "Only workloads whose name contains this.") var only = ""
    @Option(help: "The C++ compiler.") var compiler = "g++"
    @Option(help: "The source of the reference.") var reference = "Reference/reference.cpp"

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tradewind-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = folder.appending(path: "reference").path
        try Child.run(compiler, ["-O3", "-std=c++20", reference, "-o", program])
        for workload in Workload.all where only.isEmpty || workload.name.contains(only) {
            let market = folder.appending(path: "market.json").path
            try MarketGenerator(workload).write(to: market)
            try compare(workload, market, program, folder)
        }
    }

    private func compare(_ workload: Workload, _ market: String, _ program: String, _ folder: URL) throws {
        let ours = folder.appending(path: "ours.json").path
        let theirs = folder.appending(path: "theirs.json").path
        var engine: [Measurement] = []
        var reference: [Measurement] = []
        for _ in 0..<rounds {
            reference.append(try Child.measure(program, [market, theirs]))
            engine.append(try Child.measure(CommandLine.arguments[0], ["measure", market, ours]))
        }
        let isSame = try MatchingFile(theirs) == MatchingFile(ours)
        print("\(workload.name): \(isSame ? "the same matching" : "DIFFERENT MATCHINGS")")
        print(Table.header)
        for part in Measurement.Part.allCases {
            print(Table.row(part.rawValue, median(engine, part.value), median(reference, part.value)))
        }
        if !isSame { throw ExitCode.failure }
    }

    private func median(_ runs: [Measurement], _ value: KeyPath<Measurement, Double>) -> Double {
        let values = runs.map { $0[keyPath: value] }.sorted()
        return values.isEmpty ? 0 : values[values.count / 2]
    }
}

/// The places of a result, by applicant.
struct MatchingFile: Equatable {
    private let places: [String: String?]

    init(_ path: String) throws {
        struct Content: Decodable {
            let matching: [String: String?]
        }
        places = try JSONDecoder().decode(Content.self, from: Data(contentsOf: URL(filePath: path))).matching
    }
}

enum Table {
    static let header = line("", "engine", "C++", "ratio")

    static func row(_ name: String, _ ours: Double, _ theirs: Double) -> String {
        line("  " + name, format(ours), format(theirs), theirs > 0 ? format(ours / theirs) : "–")
    }

    private static func format(_ value: Double) -> String {
        value.formatted(.number.precision(.fractionLength(value < 10 ? 2 : 0)).grouping(.never))
    }

    private static func line(_ name: String, _ columns: String...) -> String {
        name.padding(toLength: 22, withPad: " ", startingAt: 0)
            + columns.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
    }
}
