import Foundation
import Logging
import Postgres
import Testing

/// An installation's services on a database that was restored, with the mail server and the tokens of before.
struct Restored: Sendable {
    let store: MailTable
    let events: EventsAPI
    let matchmaking: MatchmakingAPI
    private let environment: [String: String]

    func start(_ name: String) throws -> Program {
        try Program(name, ["serve"], environment: environment)
    }

    static func run(
        _ installation: Installation,
        on url: String,
        _ body: @Sendable (Restored) async throws -> Void
    ) async throws {
        let environment = installation.environment.merging(["DATABASE_URL": url]) { $1 }
        let migration = try Program("tradewind", ["migrate"], environment: environment)
        #expect(try await migration.status() == 0, "\(migration.standardError)")
        #expect(migration.standardOutput.isEmpty, "there was something to migrate")
        let services = try ["events", "matchmaking"].map { try Program($0, ["serve"], environment: environment) }
        let database = Database(configuration: .init(url: url), logger: Logger(label: "restored"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await database.run() } catch is CancellationError {}
            }
            defer { group.cancelAll() }
            let client = installation.events.client
            try await body(
                Restored(
                    store: MailTable(database: database),
                    events: EventsAPI(client: client.at(port: try await services[0].port())),
                    matchmaking: MatchmakingAPI(client: client.at(port: try await services[1].port())),
                    environment: environment
                )
            )
        }
        for service in services {
            service.send(SIGTERM)
            #expect(try await service.status() == 0, "\(service.standardError)")
        }
    }
}

extension Restored {
    /// Runs the two scripts that people run.
    static func copy(from source: String, to target: String) async throws {
        let deploy = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "deploy")
        let words = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "bash", "-o", "pipefail", "-c",
            #"DATABASE_URL="$1" "$0/backup" | DATABASE_URL="$2" "$0/restore""#, deploy.path, source, target,
        ]
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        process.standardError = words
        try process.run()
        try await eventually("the end of deploy/backup and deploy/restore") { !process.isRunning }
        let said = String(decoding: try words.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(said)")
    }
}
