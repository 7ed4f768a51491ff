public import Foundation

/// The programs of one installed version of PostgreSQL.
public struct PostgresBinaries: Sendable, Hashable {
    public static let oldestMajor = 13

    public let directory: String
    public let major: Int

    func path(_ program: String) -> String { "\(directory)/\(program)" }

    /// The installed versions that have a server, newest first.
    public static func installed(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async -> [PostgresBinaries] {
        var found: [PostgresBinaries] = []
        for directory in await candidates(environment) where !found.contains(where: { $0.directory == directory }) {
            guard let binaries = await PostgresBinaries(directory: directory) else { continue }
            found.append(binaries)
        }
        return found.sorted { $0.major > $1.major }
    }

    /// The version that can serve a cluster of `major`, or the newest where there is no cluster yet.
    static func choose(
        from installed: [PostgresBinaries],
        clusterMajor: Int?
    ) throws(PrivatePostgresError) -> PostgresBinaries {
        guard let newest = installed.first else {
            throw PrivatePostgresError(
                .notInstalled,
                "No PostgreSQL server is installed here.",
                hint: "Install the package postgresql, or set DATABASE_URL to a server elsewhere."
            )
        }
        guard let clusterMajor else {
            guard newest.major >= oldestMajor else {
                throw PrivatePostgresError(
                    .notInstalled,
                    "PostgreSQL \(newest.major) is too old: \(oldestMajor) is the oldest that works.",
                    hint: "Install a newer package postgresql, or set DATABASE_URL to a newer server."
                )
            }
            return newest
        }
        guard let match = installed.first(where: { $0.major == clusterMajor }) else {
            let have = installed.map { String($0.major) }.joined(separator: ", ")
            throw PrivatePostgresError(
                .versionMismatch,
                "The data was written by PostgreSQL \(clusterMajor); installed here: \(have).",
                hint: "Install postgresql-\(clusterMajor), upgrade the data with pg_upgrade, or name another --data."
            )
        }
        return match
    }

    private init?(directory: String) async {
        for program in ["initdb", "pg_ctl", "postgres"] {
            guard FileManager.default.isExecutableFile(atPath: "\(directory)/\(program)") else { return nil }
        }
        guard let outcome = try? await ChildProcess.run(["\(directory)/postgres", "--version"]), outcome.succeeded,
            let major = Self.major(ofVersion: outcome.output)
        else { return nil }
        self.directory = directory
        self.major = major
    }

    /// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` → 15
    static func major(ofVersion text: String) -> Int? {
        guard let word = text.split(separator: " ").first(where: { $0.first?.isNumber == true }) else { return nil }
        return Int(word.prefix(while: \.isNumber))
    }

    /// pg_config's directory, Debian's, Red Hat's and Homebrew's, and what PATH has (links resolved).
    private static func candidates(_ environment: [String: String]) async -> [String] {
        var directories: [String] = []
        if let outcome = try? await ChildProcess.run(["pg_config", "--bindir"]), outcome.succeeded {
            directories.append(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        for (root, suffix) in [("/usr/lib/postgresql", "bin"), ("/usr/pgsql", "bin"), ("/opt/homebrew/opt", "bin")] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
            directories += names.map { "\(root)/\($0)/\(suffix)" }
        }
        directories += (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return directories.map { directory in
            let server = URL(filePath: "\(directory)/postgres").resolvingSymlinksInPath()
            return server.deletingLastPathComponent().path(percentEncoded: false).trimmingSuffix("/")
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        count > 1 && hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
