import ArgumentParser
import Configuration
import Foundation
import Postgres
import Testing

@testable import ServiceKit

@Suite("Configuration")
struct ConfigurationTests {
    private func reader(
        _ environment: [String: String],
        files: [String: String] = [:]
    ) async throws -> ConfigReader {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files { try Data(text.utf8).write(to: directory.appending(path: name)) }
        return try await ConfigurationSources.reader(
            keys: TinyService.configurationKeys,
            environment: environment.mapValues { $0.replacing("DIR", with: directory.path) },
            environmentFile: directory.appending(path: ".env").path
        )
    }

    @Test("environment before .env before the JSON file before defaults")
    func order() async throws {
        let json =
            #"{"http": {"port": 1, "host": "json"}, "public": {"url": "https://json.example/"}, "database": {"url": "json"}}"#
        let reader = try await reader(
            ["HTTP_PORT": "3", "TRADEWIND_CONFIG": "DIR/config.json"],
            files: [".env": "HTTP_PORT=2\nHTTP_HOST=dotenv\n", "config.json": json]
        )
        let settings = try SharedSettings(reader)
        #expect(settings.port == 3 && settings.host == "dotenv" && settings.publicURL == "https://json.example")
        #expect(settings.databaseURL == "json" && settings.poolSize == 16 && settings.role == nil)
        let fromFile = try await self.reader(["TRADEWIND_CONFIG": "DIR/c"], files: ["c": json])
        #expect(try SharedSettings(fromFile).port == 1)
    }

    @Test("what a command line decided wins over all, a fallback over nothing but defaults")
    func decided() async throws {
        let reader = { (environment: [String: String]) in
            try await ConfigurationSources.reader(
                keys: [],
                environment: environment,
                environmentFile: "/nowhere/.env",
                decided: ["http.port": 5],
                fallbacks: ["http.host": "fallback", "database.url": "fallback"]
            )
        }
        let settings = try SharedSettings(await reader(["HTTP_PORT": "1", "HTTP_HOST": "environment"]))
        #expect(settings.port == 5 && settings.host == "environment" && settings.databaseURL == "fallback")
        #expect(try SharedSettings(await reader([:])).host == "fallback")
    }

    @Test("a secret may be in a file, without its last line break")
    func secretFiles() async throws {
        let reader = try await reader(
            ["DATABASE_URL_FILE": "DIR/url", "TINY_PASSWORD_FILE": "DIR/password"],
            files: ["url": "postgres://somewhere\n", "password": " s3cret \n"]
        )
        #expect(try SharedSettings(reader).databaseURL == "postgres://somewhere")
        #expect(reader.string(forKey: "tiny.password", isSecret: true) == " s3cret ")
    }

    @Test(
        "a fault says what to mend, and no secret",
        arguments: [
            ([:], "DATABASE_URL"), (["DATABASE_URL": ""], "DATABASE_URL"),
            (["HTTP_PORT": "http"], "HTTP_PORT must be a whole number from 0 to 65535"),
            (["HTTP_PORT": "65536"], "HTTP_PORT"), (["DATABASE_POOL_SIZE": "0"], "DATABASE_POOL_SIZE"),
            (["DATABASE_PREPARES_STATEMENTS": "maybe"], "DATABASE_PREPARES_STATEMENTS"),
            (["PUBLIC_URL": "programmes.example"], "PUBLIC_URL"),
            (["DATABASE_URL_FILE": "/nowhere"], "DATABASE_URL_FILE"),
            (["TRADEWIND_CONFIG": "/nowhere"], "TRADEWIND_CONFIG"), (["LOG_LEVEL": "loud"], "LOG_LEVEL"),
            (["LOG_FORMAT": "xml"], "LOG_FORMAT"),
        ]
    )
    func faults(environment: [String: String], expected: String) async throws {
        var environment = environment
        if expected != "DATABASE_URL" { environment["DATABASE_URL", default: "postgres://u:s3cret@host/db"] += "" }
        let fault = await #expect(throws: ConfigurationFault.self) {
            let reader = try await reader(environment)
            _ = try SharedSettings.logging(reader)
            _ = try SharedSettings(reader)
        }
        let text = try #require(fault?.description)
        #expect(text.hasPrefix(expected) && !text.contains("s3cret") && !text.contains("\n"))
    }

    @Test("consumers may listen elsewhere than where the pool connects")
    func listener() async throws {
        let pooled = try SharedSettings(await reader(["DATABASE_URL": "postgres://pooler/db"]))
        #expect(pooled.listenerURL == nil)
        let environment = ["DATABASE_URL": "postgres://pooler/db", "DATABASE_LISTENER_URL": "postgres://server/db"]
        let configuration = try await reader(environment)
        #expect(try SharedSettings(configuration).listenerURL == "postgres://server/db")
        let host = try ServiceHost(modules: [TinyService.self], configuration: configuration, logger: quietLogger)
        let database = try #require(try host.assemble().databases.first)
        #expect(database.configuration.listenerURL == "postgres://server/db")
    }

    @Test("truth may be written in several ways")
    func truth() async throws {
        for (text, expected) in [("false", false), ("OFF", false), ("yes", true), ("1", true)] {
            let reader = try await reader(["DATABASE_URL": "x", "DATABASE_PREPARES_STATEMENTS": text])
            #expect(try SharedSettings(reader).preparesStatements == expected)
        }
    }

    @Test("--help-config lists every key with its variable, default and whether it is secret")
    func help() {
        let text = ConfigurationHelp.text(for: [TinyService.self])
        for key in SharedSettings.keys + TinyService.configurationKeys {
            #expect(text.contains("\(key.environmentName)  (\(key.key))") && text.contains(key.summary))
        }
        #expect(
            text.contains("TINY_PASSWORD_FILE") && text.contains("Default: Hello.") && text.contains("TRADEWIND_CONFIG")
        )
        #expect(!text.contains("HTTP_PORT_FILE"))
    }
}

@Suite("The command line")
struct CommandTests {
    typealias Command = ServiceCommand<TinyService>

    @Test("wrong usage and configuration end with 2, a failure with 1, help with 0")
    func exitCodes() async throws {
        let code = { (error: any Error) in CommandLineProgram.exitCode(for: error, of: Command.self) }
        #expect(code(ConfigurationFault("x")) == 2)
        #expect(code(ExitCode.failure) == 1)
        #expect(code(TinyService.Broken()) == 1)
        #expect(code(CleanExit.helpRequest()) == 0)
        let usage = await #expect(throws: (any Error).self) { try await Command.asyncParseAsRoot(["serv"]) }
        #expect(try code(#require(usage)) == 2)
        let option = await #expect(throws: (any Error).self) {
            try await Command.asyncParseAsRoot(["serve", "--fast"])
        }
        #expect(try code(#require(option)) == 2)
    }

    @Test("a database that refuses is told in one line, with what to look at")
    func database() {
        let lost = PostgresError(.connectionFailed, message: "connection refused\n\tIs it running?\n")
        #expect(
            CommandLineProgram.words(for: lost) == "connection refused. Is PostgreSQL running, and DATABASE_URL right?"
        )
        let denied = PostgresError(.server(sqlState: "42501"), message: "permission denied to create role")
        #expect(CommandLineProgram.words(for: denied).contains("DATABASE_URL"))
        let other = PostgresError(.poolTimeout, message: "")
        #expect(CommandLineProgram.words(for: other) == "PostgreSQL: poolTimeout")
    }

    @Test("the commands and an example are in the help")
    func help() throws {
        let text = Command.helpMessage()
        for word in ["tiny", "serve", "migrate", "healthcheck", "--help-config", "Example:", "tiny serve"] {
            #expect(text.contains(word), "\(word)")
        }
        for command in [Command.Serve.self, Command.Migrate.self, Command.HealthCheck.self]
            as [any ParsableCommand.Type]
        {
            #expect(Command.helpMessage(for: command).contains("Example:"))
        }
    }

    @Test("healthcheck fails where nothing answers")
    func healthcheck() async {
        await #expect(throws: ExitCode.failure) { try await ReadinessProbe(host: "0.0.0.0", port: 1).check() }
    }
}
