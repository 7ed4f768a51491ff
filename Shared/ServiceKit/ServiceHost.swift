public import Configuration
public import Hummingbird
public import Logging
public import ServiceLifecycle

/// Runs one service or several in this process, on one port.
public struct ServiceHost: Sendable {
    /// Reads the configuration that all services share (`database.url`, `http.host`, `http.port`, `public.url`, …).
    public init(modules: [any ServiceModule.Type], configuration: ConfigReader, logger: Logger) throws {
        fatalError("stub")
    }

    /// More routes for the same port, such as the demo's inbox; more services for the same life.
    public var extraRoutes: [@Sendable (Router<AppContext>) -> Void] = []
    public var extraServices: [any Service] = []

    /// Serves until SIGTERM or SIGINT, or until the task is cancelled; finishes what is in flight.
    /// `onRunning` is called with the bound port.
    public func run(onRunning: (@Sendable (Int) async -> Void)? = nil) async throws { fatalError("stub") }

    /// Creates or updates the schemas `access` and `queue`, the roles, and the services' own schemas.
    /// Tells the names of what was applied.
    @discardableResult
    public static func migrate(
        modules: [any ServiceModule.Type],
        url: String,
        logger: Logger
    ) async throws -> [String] { fatalError("stub") }
}
