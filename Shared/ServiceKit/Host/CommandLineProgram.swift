public import ArgumentParser
import Foundation
import Postgres

/// How our commands end: 0; 1 and a line on stderr for a failure; 2 for wrong usage or configuration.
public enum CommandLineProgram {
    public static func run<Command: AsyncParsableCommand>(_ command: Command.Type) async {
        do {
            var parsed = try await command.asyncParseAsRoot()
            if var asynchronous = parsed as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try parsed.run()
            }
        } catch {
            exit(end(error, of: command))
        }
    }

    /// Words for people, on stderr.
    public static func tell(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    private static func end<Command: ParsableCommand>(_ error: any Error, of command: Command.Type) -> Int32 {
        let code = exitCode(for: error, of: command)
        switch error {
        case let fault as ConfigurationFault: tell("\(command._commandName): \(fault.description)")
        case let error as PostgresError: tell("\(command._commandName): \(words(for: error))")
        default:
            let text = command.fullMessage(for: error)
            if !text.isEmpty { code == 0 ? print(text) : tell(text) }
        }
        return code
    }

    static func words(for error: PostgresError) -> String {
        let first = error.message.split(separator: "\n").first.map(String.init) ?? "\(error.code)"
        return switch error.code {
        case .connectionFailed: "\(first). Is PostgreSQL running, and DATABASE_URL right?"
        case .server(sqlState: "42501"):
            "\(first). Connect with a role that may do that: see DATABASE_URL."
        default: "PostgreSQL: \(first)"
        }
    }

    static func exitCode<Command: ParsableCommand>(for error: any Error, of command: Command.Type) -> Int32 {
        let code = command.exitCode(for: error)
        return error is ConfigurationFault || code == .validationFailure ? 2 : code.rawValue
    }
}
