public import Logging

/// One step of a schema's history. A released migration is never edited: its checksum is kept.
public struct Migration: Sendable {
    public let number: Int
    public let name: String
    /// One or more statements, run in one transaction.
    public let sql: StaticString

    public init(_ number: Int, _ name: String, sql: StaticString) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}

/// Brings schemas up to date, one process at a time (advisory lock), as the role that logs in.
public struct Migrator: Sendable {
    /// Connects with `url` and no role of a service.
    public init(url: String, logger: Logger) { fatalError("stub") }

    /// Applies what is missing of `migrations` to `schema` (created where it does not exist). Tells the names applied.
    /// Throws where a migration that was applied has another text now, or the database is ahead of the code.
    @discardableResult
    public func migrate(schema: String, _ migrations: [Migration]) async throws -> [String] { fatalError("stub") }

    /// The names of what `migrate` would apply.
    public func pending(schema: String, _ migrations: [Migration]) async throws -> [String] { fatalError("stub") }
}
