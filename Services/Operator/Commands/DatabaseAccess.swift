import Logging
import Postgres
import PrivatePostgres

/// The database that a command works on: that of DATABASE_URL, or the private one for as long as the command needs it.
struct DatabaseAccess: Sendable {
    /// Logs in as the owner of the schemas.
    let url: String
    /// `nil` where DATABASE_URL is set.
    let server: PrivatePostgres?

    var description: String {
        guard let server else { return "Database: that of DATABASE_URL." }
        let how =
            switch server.arrival {
            case .created: "made and started"
            case .started: "started"
            case .attached: "already running"
            }
        return "Database: a private PostgreSQL \(server.major) below \(server.layout.base), \(how)."
    }

    static func use<Result: Sendable>(
        _ options: DataOptions,
        progress: Progress = Progress(console: nil),
        isolation: isolated (any Actor)? = #isolation,
        _ body: (DatabaseAccess) async throws -> Result
    ) async throws -> Result {
        let settings = try await Settings()
        settings.startLogging()
        if let url = settings.databaseURL {
            return try await body(DatabaseAccess(url: url, server: nil))
        }
        let server = try await progress.step("Starting a private PostgreSQL") {
            try await PrivatePostgres.start(directory: options.directory)
        }
        do {
            let result = try await body(DatabaseAccess(url: server.url, server: server))
            try await server.stop()
            return result
        } catch {
            try? await server.stop()
            throw error
        }
    }

    /// A pool that logs in as the owner, for as long as `body` runs.
    func withDatabase<Result: Sendable>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (Database) async throws -> Result
    ) async throws -> Result {
        var configuration = Database.Configuration(url: url)
        configuration.maximumConnections = 4
        configuration.applicationName = "tradewind operator"
        let database = Database(configuration: configuration, logger: Logger(label: "operator"))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await database.run() }
            defer { group.cancelAll() }
            return try await body(database)
        }
    }
}
