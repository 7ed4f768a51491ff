import Foundation
import Testing

@testable import PrivatePostgres

/// With a real PostgreSQL below a directory of the test's own.
@Suite("Private PostgreSQL", .serialized)
struct PrivatePostgresTests {
    @Test("is made once, attached to by others, and stopped by the last user")
    func life() async throws {
        try await withDirectory { directory in
            let first = try await PrivatePostgres.start(directory: directory)
            #expect(first.arrival == .created)
            let second = try await PrivatePostgres.start(directory: directory)
            #expect(second.arrival == .attached)
            #expect(second.url == first.url)

            try await first.stop()
            #expect(try PrivatePostgres.status(directory: directory).url == first.url)
            try await second.stop()
            #expect(try PrivatePostgres.status(directory: directory).url == nil)

            let third = try await PrivatePostgres.start(directory: directory)
            #expect(third.arrival == .started)
            try await third.stop()
        }
    }

    @Test("starts again after the server was killed and left its number and socket behind")
    func killedServer() async throws {
        try await withDirectory { directory in
            let first = try await PrivatePostgres.start(directory: directory)
            let file = try #require(PostmasterFile(data: first.layout.data))
            #expect(kill(file.processID, SIGKILL) == 0)
            try await until { kill(file.processID, 0) != 0 }
            #expect(FileManager.default.fileExists(atPath: file.path))
            try await first.stop()

            let second = try await PrivatePostgres.start(directory: directory)
            #expect(second.arrival == .started)
            try await second.stop()
        }
    }

    @Test("waits for the end of what a killed server has left running")
    func survivors() async throws {
        try await withDirectory { directory in
            let first = try await PrivatePostgres.start(directory: directory)
            let file = try #require(PostmasterFile(data: first.layout.data))
            let children = try String(
                contentsOfFile: "/proc/\(file.processID)/task/\(file.processID)/children",
                encoding: .utf8
            ).split(separator: " ").compactMap { pid_t($0) }
            #expect(!children.isEmpty)
            defer { for child in children { kill(child, SIGCONT) } }
            for child in children { kill(child, SIGSTOP) }
            #expect(kill(file.processID, SIGKILL) == 0)
            try await until { kill(file.processID, 0) != 0 }
            try await first.stop()

            async let second = PrivatePostgres.start(directory: directory)
            let log = first.layout.log
            try await until { (try? String(contentsOfFile: log, encoding: .utf8))?.contains("still in use") == true }
            for child in children { kill(child, SIGCONT) }
            #expect(try await second.arrival == .started)
            try await second.stop()
        }
    }

    @Test("takes a stale number that belongs to another program now for what it is")
    func reusedNumber() async throws {
        try await withDirectory { directory in
            let first = try await PrivatePostgres.start(directory: directory)
            try await first.stop()
            let path = "\(first.layout.data)/postmaster.pid"
            let text = "\(getpid())\n\(first.layout.data)\n0\n5432\n\(first.layout.socketDirectory)\n\n\nready   \n"
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            #expect(PostmasterFile(data: first.layout.data)?.isServing == false)

            let second = try await PrivatePostgres.start(directory: directory)
            #expect(second.arrival == .started)
            try await second.stop()
        }
    }

    @Test("begins anew where making the cluster was broken off")
    func unfinished() async throws {
        try await withDirectory { directory in
            let unfinished = "\(directory)/postgres.new"
            try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: true)
            try "15\n".write(toFile: "\(unfinished)/PG_VERSION", atomically: false, encoding: .utf8)
            let server = try await PrivatePostgres.start(directory: directory)
            #expect(server.arrival == .created)
            try await server.stop()
        }
    }

    @Test("lets nobody else in: the socket's directory is closed and there is no TCP")
    func closed() async throws {
        try await withDirectory { directory in
            let server = try await PrivatePostgres.start(directory: directory)
            var status = stat()
            #expect(lstat(server.layout.socketDirectory, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o700)
            let rules = try String(contentsOfFile: "\(server.layout.data)/pg_hba.conf", encoding: .utf8)
            let hosts = rules.split(separator: "\n").filter { $0.hasPrefix("host") }
            #expect(!hosts.isEmpty && hosts.allSatisfy { $0.hasSuffix("reject") })
            let settings = try String(contentsOfFile: "\(server.layout.data)/tradewind.conf", encoding: .utf8)
            #expect(settings.contains("listen_addresses = ''"))
            try await server.stop()
        }
    }

    @Test("refuses data of a version that is not installed, and says which")
    func versionMismatch() async throws {
        try await withDirectory { directory in
            let data = "\(directory)/postgres"
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            try "9\n".write(toFile: "\(data)/PG_VERSION", atomically: false, encoding: .utf8)
            let error = await #expect(throws: PrivatePostgresError.self) {
                _ = try await PrivatePostgres.start(directory: directory)
            }
            #expect(error?.kind == .versionMismatch)
            #expect(error?.message.contains("PostgreSQL 9") == true)
        }
    }

    @Test("puts the socket where its path is short enough")
    func longPath() throws {
        let account = ServerAccount(userID: 1234, groupID: 1234, dropsTo: nil)
        let short = try ClusterLayout(directory: "/srv/data", account: account, environment: [:])
        #expect(short.socketDirectory == "/srv/data/socket")

        let long = "/srv/" + String(repeating: "é", count: 50)
        let layout = try ClusterLayout(directory: long, account: account, environment: [:])
        #expect(layout.socketDirectory.hasPrefix("/tmp/tradewind-1234-"))
        let other = try ClusterLayout(directory: long + "x", account: account, environment: [:])
        #expect(layout.socketDirectory != other.socketDirectory)

        let runtime = ["XDG_RUNTIME_DIR": FileManager.default.temporaryDirectory.path]
        let inRuntime = try ClusterLayout(directory: long, account: account, environment: runtime)
        #expect(inRuntime.socketDirectory.hasPrefix(FileManager.default.temporaryDirectory.path))
    }

    @Test("serves from a directory whose path is too long for a socket")
    func longDirectory() async throws {
        try await withDirectory { directory in
            let server = try await PrivatePostgres.start(
                directory: directory + "/" + String(repeating: "long", count: 30)
            )
            #expect(server.layout.socketDirectory.hasPrefix("/tmp/tradewind-"))
            try await server.stop()
            try FileManager.default.removeItem(atPath: server.layout.socketDirectory)
        }
    }

    @Test("where postgres can't come to root's home, the default is /var/lib")
    func rootsHome() throws {
        // The user with number 1 owns nothing of this directory's parents.
        let home = FileManager.default.temporaryDirectory.appending(path: "home-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: home,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(atPath: home) }
        let other = ServerAccount(userID: getuid() + 77, groupID: getgid() + 77, dropsTo: "postgres")
        #expect(
            try ClusterLayout(directory: nil, account: other, environment: ["HOME": home]).base == "/var/lib/tradewind"
        )
        let error = #expect(throws: PrivatePostgresError.self) {
            try ClusterLayout(directory: home + "/data", account: other, environment: [:])
        }
        #expect(error?.kind == .permission)
        #expect(error?.message.contains(home) == true)

        let same = ServerAccount(userID: getuid(), groupID: getgid(), dropsTo: nil)
        let layout = try ClusterLayout(directory: nil, account: same, environment: ["HOME": home])
        #expect(layout.base == home + "/.local/share/tradewind")
        let xdg = try ClusterLayout(
            directory: nil,
            account: same,
            environment: ["XDG_DATA_HOME": "/srv/x", "HOME": home]
        )
        #expect(xdg.base == "/srv/x/tradewind")
    }

    @Test(
        "reads versions as distributions write them",
        arguments: [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15),
            ("postgres (PostgreSQL) 18beta1", 18),
            ("postgres (PostgreSQL) 13.4", 13),
        ]
    )
    func versions(text: String, major: Int) {
        #expect(PostgresBinaries.major(ofVersion: text) == major)
    }

    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = "/tmp/tradewind-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }

    /// Polls a state that comes by itself.
    private func until(_ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(300)
        while !condition(), ContinuousClock.now < deadline { await Task.yield() }
        #expect(condition())
    }
}
