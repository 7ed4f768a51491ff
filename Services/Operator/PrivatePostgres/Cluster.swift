import Foundation

/// The cluster's files and its server, handled with PostgreSQL's own programs. Callers hold the lock alone.
struct Cluster: Sendable {
    static let database = "tradewind"

    let layout: ClusterLayout
    let account: ServerAccount
    let binaries: PostgresBinaries

    /// Makes the cluster beside its place and moves it there when it is complete, so that a killed start leaves none
    /// that is half made. Tells whether it had to.
    func createIfMissing() async throws -> Bool {
        guard layout.clusterMajor == nil else { return false }
        let growing = layout.unfinished
        try? FileManager.default.removeItem(atPath: growing)
        var outcome = try await initdb(growing, locale: "C.UTF-8")
        if !outcome.succeeded, outcome.output.contains("locale") {
            try? FileManager.default.removeItem(atPath: growing)
            outcome = try await initdb(growing, locale: "C")
        }
        try check(outcome, "PostgreSQL's files could not be made below \(layout.base).")
        outcome = try await run(
            [binaries.path("postgres"), "--single", "-D", growing, "postgres"],
            input: "CREATE DATABASE \(Self.database);\n"
        )
        try check(outcome, "The database could not be made below \(layout.base).")
        let include = "\ninclude = 'tradewind.conf'\n"
        let handle = try FileHandle(forWritingTo: URL(filePath: "\(growing)/postgresql.conf"))
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(include.utf8))
        try FileManager.default.moveItem(atPath: growing, toPath: layout.data)
        return true
    }

    /// Starts the server in a session of its own, so that Ctrl-C on our terminal does not reach it.
    func startIfStopped() async throws -> Bool {
        if let file = PostmasterFile(data: layout.data) {
            if file.isServing { return false }
            try removeLeftovers(of: file)
        }
        try checkRoom()
        try prepareSocketDirectory()
        try write(ServerSettings(socketDirectory: layout.socketDirectory).text, to: "\(layout.data)/tradewind.conf")
        var outcome = try await start()
        // What a server that was killed has left running notices it in a moment.
        let end = ContinuousClock.now + .seconds(30)
        while outcome.output.contains("pre-existing shared memory block"), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(100))
            outcome = try await start()
        }
        try check(outcome, "PostgreSQL did not start below \(layout.base).")
        return true
    }

    /// The outcome with what the server has to say.
    private func start() async throws -> ChildProcess.Outcome {
        let before = logSize
        let outcome = try await run([
            binaries.path("pg_ctl"), "start", "-s", "-w", "-t", "60", "-D", layout.data, "-l", layout.log,
        ])
        let log = logText(from: before)
        return ChildProcess.Outcome(status: outcome.status, output: log.isEmpty ? outcome.output : log)
    }

    func stop() async throws {
        guard PostmasterFile(data: layout.data)?.isServing == true else { return }
        let outcome = try await run([
            binaries.path("pg_ctl"), "stop", "-s", "-w", "-t", "60", "-m", "fast", "-D", layout.data,
        ])
        try check(outcome, "PostgreSQL did not stop below \(layout.base).")
    }

    private func initdb(_ directory: String, locale: String) async throws -> ChildProcess.Outcome {
        try await run([
            binaries.path("initdb"), "-D", directory, "-U", "postgres", "-E", "UTF8", "--locale", locale,
            "--auth-local", "trust", "--auth-host", "reject", "--data-checksums",
        ])
    }

    private func run(_ arguments: [String], input: String = "") async throws -> ChildProcess.Outcome {
        try await ChildProcess.run(account.command(arguments), input: input)
    }
}
