import Logging
import Postgres
import PrivatePostgres
import ServiceKit

/// Looks into the database, if it can be reached; starts nothing.
struct DatabaseChecks: Sendable {
    let settings: Settings
    let directory: String?

    func findings() async -> [Finding] {
        guard let url = settings.databaseURL else {
            guard let url = try? PrivatePostgres.status(directory: directory).url else {
                return [.ok("Database", "not looked at: `tradewind up` starts it and brings it up to date")]
            }
            return await look(url)
        }
        return await look(url)
    }

    private func look(_ url: String) async -> [Finding] {
        let access = DatabaseAccess(url: url, server: nil)
        do {
            return try await access.withDatabase { database in
                var findings = [try await server(database)]
                findings.append(try await migrations(url))
                findings.append(try await roles(database))
                return findings
            }
        } catch {
            return [
                .fail(
                    "Database",
                    "can't be used: \((error as? PostgresError)?.message ?? String(describing: error))",
                    mend: "See DATABASE_URL, and whether the server runs and lets this machine in."
                )
            ]
        }
    }

    private func server(_ database: Database) async throws -> Finding {
        let rows = try await database.query(
            "SELECT current_setting('server_version_num')::int8, current_setting('server_version')"
        )
        guard let row = rows.first else { throw CommandFailure("The server did not tell its version.") }
        let (number, version) = try row.decode(Int.self, String.self)
        guard number / 10_000 >= PostgresBinaries.oldestMajor else {
            return .fail("Database", "PostgreSQL \(version)", mend: "Use \(PostgresBinaries.oldestMajor) or newer.")
        }
        return .ok("Database", "PostgreSQL \(version)")
    }

    private func migrations(_ url: String) async throws -> Finding {
        let pending = try await MigrationPlan.pending(url: url, logger: Logger(label: "doctor"))
        guard pending.isEmpty else {
            return .fail("Schemas", "\(pending.count) migrations are missing", mend: "Run `tradewind migrate`.")
        }
        return .ok("Schemas", "up to date")
    }

    private func roles(_ database: Database) async throws -> Finding {
        let wanted = ["tradewind_queue"] + Installation.modules.map { "tradewind_\($0.name)" }
        let rows = try await database.query("SELECT rolname::text FROM pg_roles WHERE rolname = ANY(\(wanted))")
        let present = try rows.map { try $0.decode(String.self) }
        let missing = wanted.filter { !present.contains($0) }
        guard missing.isEmpty else {
            return .fail("Roles", "missing: \(missing.joined(separator: ", "))", mend: "Run `tradewind migrate`.")
        }
        return .ok("Roles", "\(wanted.count) are there")
    }
}
