import Foundation

/// PostgreSQL's own benchmark, with prepared statements.
struct Pgbench {
    let url: String
    let connections: Int
    let jobs: Int

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Rounds of `workload` each second, over `rounds` of them. By count and not by time: a child of a thread of
    /// Dispatch has signals blocked, and pgbench's clock is a signal.
    func run(_ workload: Workload, rounds: Int) async throws -> Double {
        let script = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).sql")
        try Data(workload.script.utf8).write(to: script)
        defer { try? FileManager.default.removeItem(at: script) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "pgbench", "--no-vacuum", "--protocol=prepared", "--client=\(connections)", "--jobs=\(jobs)",
            "--transactions=\(max(1, rounds / connections))", "--file=\(script.path)", url,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard let rate = text.firstMatch(of: /tps = ([0-9.]+)/).flatMap({ Double($0.1) }) else {
            throw Failure(description: "pgbench failed: \(text)")
        }
        return rate
    }
}
