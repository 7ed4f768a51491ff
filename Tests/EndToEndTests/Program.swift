import Foundation
import Synchronization
import Testing

/// One of the package's executables, running as a process of its own.
final class Program: Sendable {
    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path) is not there: build the package's products first" }
    }

    private let process: Mutex<Process>
    private let output: FileHandle
    private let words: FileHandle
    private let directory: URL

    /// Starts it with nothing of our environment but PATH.
    init(_ name: String, _ arguments: [String], environment: [String: String]) throws {
        let path = Self.products.appending(path: name)
        guard FileManager.default.isExecutableFile(atPath: path.path) else { throw Missing(path: path.path) }
        directory = FileManager.default.temporaryDirectory.appending(path: "tradewind-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        output = try Self.file(directory.appending(path: "stdout"))
        words = try Self.file(directory.appending(path: "stderr"))
        let process = Process()
        process.executableURL = path
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = environment.merging(["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = words
        try process.run()
        self.process = Mutex(process)
    }

    deinit {
        process.withLock { if $0.isRunning { kill($0.processIdentifier, SIGKILL) } }
        try? FileManager.default.removeItem(at: directory)
    }

    /// Executables are built into the directory of the test bundle.
    private static let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent()

    private static func file(_ url: URL) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        return try FileHandle(forWritingTo: url)
    }

    var standardOutput: String { text("stdout") }
    var standardError: String { text("stderr") }

    var processIdentifier: Int32 { process.withLock { $0.processIdentifier } }

    func send(_ signal: Int32) {
        process.withLock { _ = kill($0.processIdentifier, signal) }
    }

    /// Its exit status, or minus the signal that ended it.
    func status() async throws -> Int32 {
        try await eventually("the end of a process") { process.withLock { !$0.isRunning } }
        return process.withLock {
            $0.terminationReason == .exit ? $0.terminationStatus : -$0.terminationStatus
        }
    }

    /// The port that a service says it serves on.
    func port() async throws -> Int {
        var found: Int?
        try await eventually("a served port") {
            found = standardError.firstMatch(of: /port=(\d+)/).flatMap { Int($0.output.1) }
            return found != nil || !process.withLock(\.isRunning)
        }
        return try #require(found, "it ended instead: \(standardError)")
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: directory.appending(path: name), encoding: .utf8)) ?? ""
    }
}

struct TooLate: Error, CustomStringConvertible {
    let what: String
    var description: String { "\(what) did not come in time" }
}

/// Looks until `condition` holds. It is for what other processes do, which can't tell us. Its limit is for what hangs: no
/// test is about a machine that is slow.
func eventually(
    _ what: String,
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(900)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw TooLate(what: what) }
        try await Task.sleep(for: .milliseconds(20))
    }
}
