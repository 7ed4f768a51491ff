import ArgumentParser
import Foundation
import MarketFile

enum MarketSource {
    static func read(_ path: String) throws -> MatchRun.Source {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            return .json(try bytes(path))
        }
        return .csv(
            applicants: try bytes(path + "/" + CSVMarketReader.applicantsFile),
            firms: try bytes(path + "/" + CSVMarketReader.firmsFile)
        )
    }

    /// A file's content, or the standard input's for `-`.
    static func bytes(_ path: String) throws -> [UInt8] {
        do {
            guard path == "-" else { return Array(try Data(contentsOf: URL(filePath: path))) }
            return Array(try FileHandle.standardInput.readToEnd() ?? Data())
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("error: can't read \(path)\n".utf8))
            throw ExitCode(2)
        }
    }
}

enum Terminal {
    /// Writes what a run reports and ends with its exit code.
    static func finish(_ report: MatchRun.Report, output: String?) throws {
        for note in report.notes { try FileHandle.standardError.write(contentsOf: Data("\(note)\n".utf8)) }
        if let output, !report.output.isEmpty {
            do {
                try Data(report.output).write(to: URL(filePath: output), options: .atomic)
            } catch {
                try FileHandle.standardError.write(contentsOf: Data("error: can't write \(output)\n".utf8))
                throw ExitCode(1)
            }
        } else {
            try FileHandle.standardOutput.write(contentsOf: Data(report.output))
        }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }
}
