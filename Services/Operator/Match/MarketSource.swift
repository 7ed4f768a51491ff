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
    static func bytes(_ path: String) throws -> FileBytes {
        if path != "-", let mapped = FileBytes(mapping: path) { return mapped }
        do {
            let data =
                path == "-" ? try FileHandle.standardInput.readToEnd() : try Data(contentsOf: URL(filePath: path))
            return FileBytes(Array(data ?? Data()))
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("error: can't read \(path)\n".utf8))
            throw ExitCode(2)
        }
    }
}

extension MarketSource {
    /// The places of an earlier result.
    static func previous(_ path: String) throws -> [String: String] {
        let bytes = try bytes(path)
        do {
            return try MatchRun.previous(bytes, file: path)
        } catch {
            for fault in error.faults { try FileHandle.standardError.write(contentsOf: Data("error: \(fault)\n".utf8)) }
            throw ExitCode(2)
        }
    }
}

enum Terminal {
    /// Writes what a run reports and ends with its exit code.
    static func finish(_ report: MatchRun.Report, output: String?) throws {
        try MatchOutput(output).finish { write in
            write(report.output)
            return report
        }
    }
}
