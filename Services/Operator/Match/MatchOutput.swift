import ArgumentParser
import Foundation
import MarketFile

/// Where a result goes: the standard output, or a file that appears when all of it is written.
struct MatchOutput {
    private let path: String?
    private let draft: String?
    private let handle: FileHandle

    init(_ path: String?) throws {
        self.path = path
        guard let path else {
            draft = nil
            handle = .standardOutput
            return
        }
        let draft = path + ".part"
        guard FileManager.default.createFile(atPath: draft, contents: nil),
            let handle = FileHandle(forWritingAtPath: draft)
        else {
            try Self.complain("error: can't write \(path)")
            throw ExitCode(1)
        }
        self.draft = draft
        self.handle = handle
    }

    /// Runs, writes what it reports, and ends with its exit code.
    func finish(_ run: ((@escaping ([UInt8]) -> Void) -> MatchRun.Report)) throws {
        var failure: (any Error)?
        let report = run { piece in
            guard failure == nil else { return }
            do { try handle.write(contentsOf: Data(piece)) } catch { failure = error }
        }
        for note in report.notes { try Self.complain(note) }
        do {
            if let failure { throw failure }
            if let draft, let path {
                try handle.close()
                if report.exitCode == 2 {
                    try FileManager.default.removeItem(atPath: draft)
                } else if rename(draft, path) != 0 {
                    throw CocoaError(.fileWriteUnknown)
                }
            }
        } catch {
            if let draft { try? FileManager.default.removeItem(atPath: draft) }
            try Self.complain("error: can't write \(path ?? "the standard output")")
            throw ExitCode(1)
        }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }

    private static func complain(_ text: String) throws {
        try FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8))
    }
}
