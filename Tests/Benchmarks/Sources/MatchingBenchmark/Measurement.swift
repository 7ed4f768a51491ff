import Foundation

/// What a program says of one run: CPU milliseconds of its parts, and its peak memory.
struct Measurement: Codable {
    var parse = 0.0
    var rank = 0.0
    var solve = 0.0
    var certificate = 0.0
    var write = 0.0
    /// Of the whole process.
    var total = 0.0
    var peakKB = 0.0
    var placed = 0.0

    enum Part: String, CaseIterable {
        case parse = "parse, ms"
        case rank = "rank, ms"
        case solve = "solve, ms"
        case certificate = "certificate, ms"
        case write = "write, ms"
        case total = "whole process, ms"
        case peak = "peak memory, KB"

        var value: KeyPath<Measurement, Double> {
            switch self {
            case .parse: \.parse
            case .rank: \.rank
            case .solve: \.solve
            case .certificate: \.certificate
            case .write: \.write
            case .total: \.total
            case .peak: \.peakKB
            }
        }
    }
}

enum Child {
    struct Failure: Error {
        let program: String
    }

    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: program.contains("/") ? program : "/usr/bin/env")
        process.arguments = program.contains("/") ? arguments : [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(program: program) }
        return output
    }

    static func measure(_ program: String, _ arguments: [String]) throws -> Measurement {
        try JSONDecoder().decode(Measurement.self, from: run(program, arguments))
    }
}
