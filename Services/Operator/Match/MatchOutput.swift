import ArgumentParser
import Foundation
import MarketFile

/// Where a result goes: the standard output, or a file that appears when all of it is written.
final class MatchOutput {
    private let path: String?
    private var handle: FileHandle?

    /// What is written before it takes the file's place. There is none before the first piece, so that a run that is
    /// interrupted while it reads or matches leaves nothing behind.
    private var draft: String? { path.map { $0 + ".part" } }

    init(_ path: String?) throws {
        self.path = path
        guard let path else {
            handle = .standardOutput
            return
        }
        // Told before the work rather than after it.
        let directory = URL(filePath: path).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: directory) else {
            try Self.complain("error: can't write \(path)")
            throw ExitCode(1)
        }
    }

    /// Runs, writes what it reports, and ends with its exit code.
    func finish(_ run: ((@escaping ([UInt8]) -> Void) -> MatchRun.Report)) throws {
        var failure: (any Error)?
        let report = run { piece in
            guard failure == nil else { return }
            do { try self.write(piece) } catch { failure = error }
        }
        for note in report.notes { try Self.complain(note) }
        do {
            if let failure { throw failure }
            try end(isWanted: report.exitCode != 2)
        } catch {
            if let draft { try? FileManager.default.removeItem(atPath: draft) }
            try Self.complain("error: can't write \(path ?? "the standard output")")
            throw ExitCode(1)
        }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }

    private func write(_ piece: [UInt8]) throws {
        try open().write(contentsOf: Data(piece))
    }

    private func open() throws -> FileHandle {
        if let handle { return handle }
        guard let draft, FileManager.default.createFile(atPath: draft, contents: nil),
            let opened = FileHandle(forWritingAtPath: draft)
        else { throw CocoaError(.fileWriteUnknown) }
        handle = opened
        return opened
    }

    private func end(isWanted: Bool) throws {
        guard let path, let draft else { return }
        // Also a result without a byte is a file.
        if isWanted { _ = try open() }
        guard let handle else { return }
        try handle.close()
        if !isWanted {
            try FileManager.default.removeItem(atPath: draft)
        } else if rename(draft, path) != 0 {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    private static func complain(_ text: String) throws {
        try FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8))
    }
}
