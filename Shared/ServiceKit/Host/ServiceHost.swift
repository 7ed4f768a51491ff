public import Configuration
public import Hummingbird
public import Logging
import Messaging
import Postgres
public import ServiceLifecycle
import UnixSignals

/// Runs one service or several in this process, on one port.
public struct ServiceHost: Sendable {
    let modules: [any ServiceModule.Type]
    let configuration: ConfigReader
    let logger: Logger
    let settings: SharedSettings

    /// Reads the configuration that all services share (`database.url`, `http.host`, `http.port`, `public.url`, …).
    /// Throws `ConfigurationFault`. Precondition: there is a module.
    public init(modules: [any ServiceModule.Type], configuration: ConfigReader, logger: Logger) throws {
        precondition(!modules.isEmpty)
        Observability.install()
        self.modules = modules
        self.configuration = configuration
        self.logger = logger
        settings = try SharedSettings(configuration)
    }

    /// More routes for the same port, such as the demo's inbox; more services for the same life.
    public var extraRoutes: [@Sendable (Router<AppContext>) -> Void] = []
    public var extraServices: [any Service] = []

    /// Serves until SIGTERM or SIGINT, or until the task is cancelled; finishes what is in flight.
    /// `onRunning` is called with the bound port.
    public func run(onRunning: (@Sendable (Int) async -> Void)? = nil) async throws {
        let parts = try assemble(onRunning: onRunning)
        // Shut down from the end: requests finish first, then the consumers' batches; the databases close last.
        let services: [ServiceGroupConfiguration.ServiceConfiguration] =
            parts.databases.map { .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup) }
            + (extraServices + parts.backgroundServices).map {
                .init(
                    service: $0,
                    successTerminationBehavior: .ignore,
                    failureTerminationBehavior: .gracefullyShutdownGroup
                )
            }
            + parts.consumers.map { .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup) }
            + [.init(service: parts.application, failureTerminationBehavior: .gracefullyShutdownGroup)]
        var configuration = ServiceGroupConfiguration(
            services: services,
            // SIGHUP: the terminal was closed.
            gracefulShutdownSignals: [.sigterm, .sigint, .sighup],
            logger: logger
        )
        // What is stuck is cancelled before an orchestrator kills the process, by custom after 30 seconds.
        configuration.maximumGracefulShutdownDuration = .seconds(25)
        try await ServiceGroup(configuration: configuration).run()
    }
}
