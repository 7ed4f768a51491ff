import Foundation

/// A PostgreSQL of the test's own on a unix socket, to be stopped, restarted and frozen.
public struct PrivateServer: Sendable {
    /// The socket's folder, which is libpq's host.
    public let folder: String

    public var url: String { "host=\(folder) user=postgres dbname=postgres" }

    /// Where PostgreSQL's own programs are, if they are installed here.
    public static let programs: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.sorted { $0.localizedStandardCompare($1) == .orderedDescending }
            .map { "\(root)/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
    }()

    /// Lends a server that is removed afterwards.
    public static func lend(
        settings: [String] = [],
        _ body: (PrivateServer) async throws -> Void
    ) async throws {
        let server = PrivateServer(folder: "/tmp/pg-test-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(atPath: server.folder, withIntermediateDirectories: true)
        // Root may not run PostgreSQL, so the folder is the user's who does.
        if geteuid() == 0 { try await server.run("/bin/chown", ["postgres", server.folder]) }
        do {
            try await server.runAsOwner("initdb", ["--no-sync", "-A", "trust", "-U", "postgres", "-D", server.data])
            try await server.start(settings: settings)
            try await body(server)
        } catch {
            await server.remove()
            throw error
        }
        await server.remove()
    }

    private var data: String { "\(folder)/data" }

    private func start(settings: [String]) async throws {
        let options = ["fsync=off", "listen_addresses=", "unix_socket_directories=\(folder)"] + settings
        let text = options.map { "-c '\($0)'" }.joined(separator: " ")
        try await runAsOwner("pg_ctl", ["-D", data, "-w", "-l", "\(folder)/log", "-o", text, "start"])
    }

    public func restart() async throws {
        try await runAsOwner("pg_ctl", ["-D", data, "-w", "-m", "fast", "-l", "\(folder)/log", "restart"])
    }

    /// Makes a certificate for 127.0.0.1, and has the server offer TLS with it. Tells where the certificate is.
    public func offerTLS() async throws -> String {
        let (certificate, key) = ("\(folder)/server.crt", "\(folder)/server.key")
        let subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        let files = ["-keyout", key, "-out", certificate]
        try await run(
            "/usr/bin/openssl",
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"] + subject + files
        )
        if geteuid() == 0 { try await run("/bin/chown", ["postgres", key]) }
        let settings = "ssl = on\nssl_cert_file = '\(certificate)'\nssl_key_file = '\(key)'\n"
        let file = try FileHandle(forWritingTo: URL(filePath: "\(data)/postgresql.auto.conf"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(settings.utf8))
        try file.close()
        try await restart()
        return certificate
    }

    /// The process that accepts connections.
    public var postmaster: Int32 {
        get throws {
            let text = try String(contentsOfFile: "\(data)/postmaster.pid", encoding: .utf8)
            guard let pid = text.split(separator: "\n").first.flatMap({ Int32($0) }) else {
                throw Failed(program: "postgres")
            }
            return pid
        }
    }

    private func remove() async {
        if let pid = try? postmaster { kill(pid, SIGCONT) }
        try? await runAsOwner("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"])
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func runAsOwner(_ program: String, _ arguments: [String]) async throws {
        let path = "\(Self.programs ?? "")/\(program)"
        if geteuid() == 0 {
            try await run("/usr/sbin/runuser", ["-u", "postgres", "--", path] + arguments)
        } else {
            try await run(path, arguments)
        }
    }

    /// One of PostgreSQL's client programs, to its end.
    public func runClient(_ program: String, _ arguments: [String]) async throws {
        try await run("\(Self.programs ?? "")/\(program)", arguments)
    }

    /// Not by Foundation's `Process`: it waits for all who inherit its files, and so for the server itself.
    private func run(_ path: String, _ arguments: [String]) async throws {
        let status: Int32 = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Self.spawn(path, arguments)) }
        }
        if status != 0 { throw Failed(program: path) }
    }

    struct Failed: Error, CustomStringConvertible {
        let program: String
        var description: String { "\(program) failed" }
    }

    private static func spawn(_ path: String, _ arguments: [String]) -> Int32 {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        for (file, mode) in [(0, O_RDONLY), (1, O_WRONLY), (2, O_WRONLY)] as [(Int32, Int32)] {
            posix_spawn_file_actions_addopen(&files, file, "/dev/null", mode, 0)
        }
        // Nor may the server keep open what other tests have open just now, such as the pipe of a program's output.
        for file in 3..<Int32(min(sysconf(Int32(_SC_OPEN_MAX)), 4096)) {
            posix_spawn_file_actions_addclose(&files, file)
        }
        var strings = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var pid: pid_t = 0
        guard posix_spawn(&pid, path, &files, nil, &strings, environ) == 0 else { return -1 }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
