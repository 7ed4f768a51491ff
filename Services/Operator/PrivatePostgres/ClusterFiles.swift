import Foundation

extension ClusterLayout {
    /// The version that wrote the cluster; `nil` where there is none yet.
    var clusterMajor: Int? {
        let text = try? String(contentsOfFile: "\(data)/PG_VERSION", encoding: .utf8)
        return text.flatMap { Int($0.prefix(while: \.isNumber)) }
    }
}

extension Cluster {
    /// Below this the server would stop in the middle of its first checkpoint.
    private static let leastRoom = 64 << 20

    func checkRoom() throws(PrivatePostgresError) {
        var status = statvfs()
        guard statvfs(layout.base, &status) == 0 else { return }
        guard Int(status.f_bavail) * Int(status.f_frsize) >= Self.leastRoom else { throw diskFull }
    }

    private var diskFull: PrivatePostgresError {
        PrivatePostgresError(
            .diskFull,
            "The disk of \(layout.base) is full.",
            hint: "Make room (at least \(Self.leastRoom >> 20) MiB), or name another directory with --data."
        )
    }

    /// A server that was killed leaves its number and its socket behind.
    func removeLeftovers(of file: PostmasterFile) throws {
        try FileManager.default.removeItem(atPath: file.path)
        for directory in Set([file.socketDirectory, layout.socketDirectory]) where !directory.isEmpty {
            for name in [".s.PGSQL.\(ClusterLayout.port)", ".s.PGSQL.\(ClusterLayout.port).lock"] {
                try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
            }
        }
    }

    /// In `/tmp` somebody else may have made a directory of this name: it has to be ours, and no link.
    func prepareSocketDirectory() throws(PrivatePostgresError) {
        let path = layout.socketDirectory
        var status = stat()
        if lstat(path, &status) == 0 {
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            guard isDirectory, status.st_uid == account.userID else {
                throw PrivatePostgresError(
                    .permission,
                    "The socket's directory \(path) belongs to somebody else.",
                    hint: "Remove it, or name a directory with a shorter path with --data."
                )
            }
        }
        try account.makeDirectory(path)
    }

    func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        if account.dropsTo != nil { _ = chown(path, account.userID, account.groupID) }
    }

    var logSize: UInt64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: layout.log)
        return (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
    }

    func logText(from offset: UInt64) -> String {
        guard let handle = FileHandle(forReadingAtPath: layout.log) else { return "" }
        defer { try? handle.close() }
        try? handle.seek(toOffset: offset)
        let data = (try? handle.readToEnd()) ?? Data()
        return String(decoding: data.suffix(4000), as: UTF8.self)
    }

    /// Turns a program's failure into what the operator can do about it; the last lines say what it was.
    func check(_ outcome: ChildProcess.Outcome, _ message: String) throws(PrivatePostgresError) {
        guard !outcome.succeeded else { return }
        if outcome.output.contains("No space left on device") { throw diskFull }
        let last = outcome.output.split(separator: "\n").suffix(4).joined(separator: "\n")
        throw PrivatePostgresError(
            outcome.output.contains("Permission denied") ? .permission : .startFailed,
            "\(message)\n\(last)",
            hint: "See \(layout.log)."
        )
    }
}
