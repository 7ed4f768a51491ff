import Crypto
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

    var checksum: [UInt8] {
        sql.withUTF8Buffer { Array(SHA256.hash(data: UnsafeRawBufferPointer($0))) }
    }
}

/// The code's migrations and the database's do not fit together.
public enum MigrationError: Error, Equatable, CustomStringConvertible {
    /// A migration that was applied has another text now.
    case edited(schema: String, number: Int)
    /// The database has a migration that the code does not know.
    case unknown(schema: String, number: Int)
    /// One that was not applied comes before one that was, or two have the same number.
    case outOfOrder(schema: String, number: Int)

    public var description: String {
        switch self {
        case .edited(let schema, let number): "migration \(number) of \(schema) was edited after it was applied"
        case .unknown(let schema, let number): "\(schema) has migration \(number), which this version does not know"
        case .outOfOrder(let schema, let number): "migration \(number) of \(schema) is out of order"
        }
    }
}

/// Brings schemas up to date, one process at a time (advisory lock), as the role that logs in.
public struct Migrator: Sendable {
    private let configuration: Database.Configuration
    private let logger: Logger
    /// Of the advisory lock that all migrators of a database take.
    private static let lock: Int64 = 0x7472_6164_6577_696E

    private struct Applied {
        let number: Int
        let checksum: [UInt8]
    }

    /// Connects with `url` and no role of a service.
    public init(url: String, logger: Logger) {
        var configuration = Database.Configuration(url: url)
        configuration.maximumConnections = 1
        configuration.statementDeadline = .seconds(3600)
        // Each text runs once.
        configuration.preparesStatements = false
        self.configuration = configuration
        self.logger = logger
    }

    /// Applies what is missing of `migrations` to `schema` (created where it does not exist), each in a transaction of
    /// its own. Tells the names applied. Throws where a migration that was applied has another text now, or the database
    /// is ahead of the code.
    @discardableResult
    public func migrate(schema: String, _ migrations: [Migration]) async throws -> [String] {
        let database = Database(configuration: configuration, logger: logger)
        do {
            var names: [String] = []
            while let migration = try await applyNext(of: migrations, to: schema, in: database) {
                names.append(migration.name)
                logger.info("migrated", metadata: ["schema": "\(schema)", "migration": "\(migration.name)"])
            }
            await database.close()
            return names
        } catch {
            await database.close()
            throw error
        }
    }

    /// The names of what `migrate` would apply.
    public func pending(schema: String, _ migrations: [Migration]) async throws -> [String] {
        let database = Database(configuration: configuration, logger: logger)
        do {
            let missing = try await database.transaction(TransactionOptions(isReadOnly: true)) { tx in
                let table = "\(quoted(identifier: schema)).applied_migrations"
                let exists = try await tx.query("SELECT to_regclass(\(table)) IS NOT NULL").first?.decode(Bool.self)
                let applied = exists == true ? try await self.applied(to: schema, in: tx) : []
                return try Self.missing(of: migrations, applied, schema: schema).map(\.name)
            }
            await database.close()
            return missing
        } catch {
            await database.close()
            throw error
        }
    }

    private func applyNext(
        of migrations: [Migration],
        to schema: String,
        in database: Database
    ) async throws -> Migration? {
        try await database.transaction { tx in
            // The lock is the transaction's, so that it works behind a pooler too.
            try await tx.query("SELECT pg_advisory_xact_lock(\(Self.lock))")
            tx.enqueue("CREATE SCHEMA IF NOT EXISTS \(identifier: schema)")
            tx.enqueue(
                """
                CREATE TABLE IF NOT EXISTS \(identifier: schema).applied_migrations (
                    number bigint PRIMARY KEY,
                    name text NOT NULL,
                    checksum bytea NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now()
                )
                """
            )
            let applied = try await applied(to: schema, in: tx)
            guard let next = try Self.missing(of: migrations, applied, schema: schema).first else { return nil }
            try await tx.session.runScript("\(next.sql)")
            try await tx.execute(
                """
                INSERT INTO \(identifier: schema).applied_migrations (number, name, checksum)
                VALUES (\(next.number), \(next.name), \(next.checksum))
                """
            )
            return next
        }
    }

    private func applied(to schema: String, in tx: borrowing Transaction) async throws -> [Applied] {
        try await tx.query("SELECT number, checksum FROM \(identifier: schema).applied_migrations ORDER BY number")
            .map { row in
                let (number, checksum) = try row.decode(Int.self, [UInt8].self)
                return Applied(number: number, checksum: checksum)
            }
    }

    /// What is not applied yet of `migrations`, in order, if they fit what is applied.
    private static func missing(
        of migrations: [Migration],
        _ applied: [Applied],
        schema: String
    ) throws -> [Migration] {
        for (earlier, later) in zip(migrations, migrations.dropFirst()) where earlier.number >= later.number {
            throw MigrationError.outOfOrder(schema: schema, number: later.number)
        }
        for step in applied {
            guard let migration = migrations.first(where: { $0.number == step.number }) else {
                throw MigrationError.unknown(schema: schema, number: step.number)
            }
            guard migration.checksum == step.checksum else {
                throw MigrationError.edited(schema: schema, number: step.number)
            }
        }
        let missing = migrations.filter { migration in !applied.contains { $0.number == migration.number } }
        if let first = missing.first, let last = applied.last, first.number < last.number {
            throw MigrationError.outOfOrder(schema: schema, number: first.number)
        }
        return missing
    }
}
