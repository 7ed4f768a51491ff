import Foundation

/// `postmaster.pid` of a cluster, which outlives a server that was killed or a machine that was switched off.
struct PostmasterFile: Sendable {
    let path: String
    let processID: pid_t
    let dataDirectory: String
    let socketDirectory: String
    let isReady: Bool

    init?(data: String) {
        path = "\(data)/postmaster.pid"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        // The server's number, data directory, start time, port, socket directory, address, shared memory, status.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let id = pid_t(first), id > 0 else { return nil }
        processID = id
        dataDirectory = lines.count > 1 ? String(lines[1]) : data
        socketDirectory = lines.count > 4 ? String(lines[4]) : ""
        isReady = lines.count > 7 && lines[7].hasPrefix("ready")
    }

    /// Whether the process is alive and this cluster's server. Another program may have been given the number since.
    var isServing: Bool {
        guard kill(processID, 0) == 0 || errno == EPERM else { return false }
        if let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(processID)/cwd") {
            return directory == URL(filePath: dataDirectory).resolvingSymlinksInPath().path(percentEncoded: false)
        }
        let name = try? String(contentsOfFile: "/proc/\(processID)/comm", encoding: .utf8)
        return name?.hasPrefix("postgres") ?? true
    }
}
