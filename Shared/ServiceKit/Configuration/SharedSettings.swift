public import Configuration
import Foundation
import Logging

/// A setting that can't be used, in words that say how to mend it. It never repeats a secret.
public struct ConfigurationFault: Error, CustomStringConvertible, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// What every service reads.
struct SharedSettings: Sendable {
    static let keys: [ConfigurationKey] = [
        .init("database.url", "PostgreSQL, such as postgres://user@host/tradewind", isSecret: true),
        .init(
            "database.listener.url",
            "PostgreSQL itself where DATABASE_URL leads to a pooler; without it consumers poll there",
            isSecret: true
        ),
        .init("database.role", "Role that connections take on", default: "tradewind_<service>"),
        .init("database.pool.size", "Connections of each service at most", default: "16"),
        .init("database.prepares.statements", "false behind a pooler in transaction mode", default: "true"),
        .init("http.host", "Address to listen on; 0.0.0.0 for all", default: "127.0.0.1"),
        .init("http.port", "Port to listen on; 0 for a free one", default: "8080"),
        .init("public.url", "Where people reach the pages", default: "http://localhost:<http.port>"),
        .init("log.level", "trace, debug, info, notice, warning, error or critical", default: "info"),
        .init("log.format", "text for people, json for machines", default: "text"),
    ]

    let databaseURL: String
    let listenerURL: String?
    let role: String?
    let poolSize: Int
    let preparesStatements: Bool
    let host: String
    let port: Int
    let publicURL: String

    init(_ configuration: ConfigReader) throws {
        guard let url = configuration.string(forKey: "database.url", isSecret: true), !url.isEmpty else {
            throw ConfigurationFault(
                "DATABASE_URL is not set. Set it to your PostgreSQL, such as "
                    + "DATABASE_URL=postgres://user@localhost/tradewind, or name a file that holds it in "
                    + "DATABASE_URL_FILE."
            )
        }
        databaseURL = url
        listenerURL = configuration.string(forKey: "database.listener.url", isSecret: true)
        role = configuration.string(forKey: "database.role")
        poolSize = try configuration.wholeNumber("database.pool.size", in: 1...1000, default: 16)
        preparesStatements = try configuration.truth("database.prepares.statements", default: true)
        host = configuration.string(forKey: "http.host", default: "127.0.0.1")
        port = try configuration.wholeNumber("http.port", in: 0...65535, default: 8080)
        let publicURL = configuration.string(forKey: "public.url", default: "http://localhost:\(port)")
        guard let parsed = URL(string: publicURL), ["http", "https"].contains(parsed.scheme), parsed.host != nil else {
            throw ConfigurationFault("PUBLIC_URL must be an address such as https://programmes.example.")
        }
        self.publicURL = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
    }

    static func logging(_ configuration: ConfigReader) throws -> (Logger.Level, Observability.LogFormat) {
        let level = configuration.string(forKey: "log.level", default: "info").lowercased()
        let format = configuration.string(forKey: "log.format", default: "text").lowercased()
        guard let level = Logger.Level(rawValue: level) else {
            let all = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationFault("LOG_LEVEL must be one of \(all).")
        }
        guard let format = Observability.LogFormat(rawValue: format) else {
            throw ConfigurationFault("LOG_FORMAT must be text or json.")
        }
        return (level, format)
    }
}

extension ConfigReader {
    /// The number, or the default where it is not set. A number in a JSON file may be written with or without quotes.
    public func wholeNumber(_ key: String, in range: ClosedRange<Int>, default value: Int) throws -> Int {
        let key = ConfigKey(key)
        guard let text = string(forKey: key) ?? int(forKey: key).map(String.init) else { return value }
        guard let number = Int(text.trimmingSpaces()), range.contains(number) else {
            throw ConfigurationFault(
                "\(ConfigurationKey.environmentName(key.description)) must be a whole number from "
                    + "\(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }

    /// True or false, or the default where it is not set.
    public func truth(_ key: String, default value: Bool) throws -> Bool {
        let key = ConfigKey(key)
        guard let text = string(forKey: key) ?? bool(forKey: key).map(String.init) else { return value }
        switch text.trimmingSpaces().lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw ConfigurationFault("\(ConfigurationKey.environmentName(key.description)) must be true or false.")
        }
    }
}
