public import ArgumentParser
import Configuration
import Logging

/// The command line of one service's executable: `serve`, `migrate`, `healthcheck`, `--help-config`.
public struct ServiceCommand<Module: ServiceModule>: AsyncParsableCommand {
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Module.name,
            abstract: "Runs Tradewind's service \(Module.name).",
            discussion: """
                Example:
                  DATABASE_URL=postgres://localhost/tradewind \(Module.name) serve

                Settings come from the environment, from .env, and from the JSON file that TRADEWIND_CONFIG names;
                \(Module.name) --help-config lists them.
                """,
            subcommands: [Serve.self, Migrate.self, HealthCheck.self]
        )
    }

    @Flag(name: .customLong("help-config"), help: "List every setting and exit.")
    var showsSettings = false

    public init() {}

    public mutating func run() async throws {
        guard showsSettings else { throw CleanExit.helpRequest(self) }
        print(ConfigurationHelp.text(for: [Module.self]))
    }

    /// Parses and runs; exits with 2 for wrong usage or configuration and with 1 for a failure.
    public static func main() async {
        await CommandLineProgram.run(Self.self)
    }

    static var settings: [ConfigurationKey] { Module.configurationKeys }
}

extension ServiceCommand {
    struct Serve: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "serve",
                abstract: "Serve until SIGTERM or SIGINT.",
                discussion: """
                    Example:
                      DATABASE_URL=postgres://localhost/tradewind HTTP_PORT=8081 \(Module.name) serve
                    """
            )
        }

        func run() async throws {
            let configuration = try await ConfigurationSources.reader(keys: Module.configurationKeys)
            let (level, format) = try SharedSettings.logging(configuration)
            Observability.logToStandardError(level: level, format: format)
            let logger = Logger(label: Module.name)
            let host = try ServiceHost(modules: [Module.self], configuration: configuration, logger: logger)
            try await host.run { port in logger.notice("Serving", metadata: ["port": "\(port)"]) }
        }
    }

    struct Migrate: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "migrate",
                abstract: "Bring the database up to date. Needs a role that may create schemas and roles.",
                discussion: """
                    Example:
                      DATABASE_URL=postgres://owner@localhost/tradewind \(Module.name) migrate
                    """
            )
        }

        func run() async throws {
            let configuration = try await ConfigurationSources.reader(keys: Module.configurationKeys)
            let (level, format) = try SharedSettings.logging(configuration)
            Observability.logToStandardError(level: level, format: format)
            let applied = try await ServiceHost.migrate(
                modules: [Module.self],
                url: SharedSettings(configuration).databaseURL,
                logger: Logger(label: Module.name)
            )
            for name in applied { print(name) }
            if applied.isEmpty { CommandLineProgram.tell("Nothing to apply: the database is up to date.") }
        }
    }

    struct HealthCheck: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "healthcheck",
                abstract: "Ask the service on this machine whether it is ready: exit 0 or 1.",
                discussion: """
                    Example:
                      HTTP_PORT=8081 \(Module.name) healthcheck && echo ready
                    """
            )
        }

        func run() async throws {
            let configuration = try await ConfigurationSources.reader(keys: Module.configurationKeys)
            let host = configuration.string(forKey: "http.host", default: "127.0.0.1")
            let port = try configuration.wholeNumber("http.port", in: 1...65535, default: 8080)
            try await ReadinessProbe(host: host, port: port).check()
        }
    }
}
