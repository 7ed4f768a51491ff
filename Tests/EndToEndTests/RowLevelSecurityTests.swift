import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

/// What each service's role may do on the database as `tradewind migrate` leaves it.
@Suite("Row-level security across roles")
struct RowLevelSecurityTests {
    struct Table: Sendable, Hashable {
        let schema: String
        let name: String
    }

    static let services = ["events", "matchmaking", "notifications"]

    @Test("every table with a tenant forces row-level security, and no policy lets all rows through")
    func forced() async throws {
        try await withMigrated { test in
            let rows = try await test.database.query(
                """
                SELECT c.relname::text FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ANY(\(Self.services)) AND c.relkind IN ('r', 'p')
                  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
                  AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                      AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
                      AND NOT EXISTS (
                          -- What is to be seen has a condition, and so has what is to be written.
                          SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT (
                              (p.polcmd = 'a' OR p.polqual IS NOT NULL)
                              AND (p.polcmd IN ('r', 'd') OR p.polwithcheck IS NOT NULL))))
                """
            )
            let unguarded: [String] = try rows.map { try $0.decode(String.self) }
            #expect(unguarded == [])
            #expect(try await tables(of: Self.services, test.database).count >= 6)
        }
    }

    @Test("a service can't read, write or even name the rows of a neighbour", arguments: services)
    func neighbours(service: String) async throws {
        try await withMigrated { test in
            let neighbours = Self.services.filter { $0 != service } + ["access"]
            let foreign = try await tables(of: neighbours, test.database)
            #expect(!foreign.isEmpty)
            try await test.withPool(role: "tradewind_\(service)") { database in
                for table in foreign {
                    await expectDenied(database, "SELECT 1 FROM \(identifier: table.schema).\(identifier: table.name)")
                    await expectDenied(database, "DELETE FROM \(identifier: table.schema).\(identifier: table.name)")
                }
            }
        }
    }

    @Test("no tenant set means no rows, and another tenant's rows are not there", arguments: services)
    func tenants(service: String) async throws {
        try await withMigrated { test in
            let own = try await tables(of: [service], test.database).filter { $0.name != "applied_migrations" }
            #expect(!own.isEmpty)
            try await test.withPool(role: "tradewind_\(service)") { database in
                for table in own {
                    let rows = try await database.query(
                        "SELECT 1 FROM \(identifier: table.schema).\(identifier: table.name)"
                    )
                    #expect(rows.isEmpty, "\(table)")
                }
            }
        }
    }

    @Test("notifications sees the mails of the tenant that is set, and no others; it can't write for another")
    func mails() async throws {
        try await withMigrated { test in
            let (mine, other) = (TenantID(), TenantID())
            for tenant in [mine, other, other] { try await insertMail(tenant, as: tenant, in: test.database) }
            try await test.withPool(role: "tradewind_notifications") { database in
                func count(_ tenant: TenantID) async throws -> Int {
                    try await database.transaction(tenant: tenant) { tx in
                        let rows = try await tx.query("SELECT count(*) FROM notifications.outgoing")
                        return try #require(rows.first).decode(Int.self)
                    }
                }
                let counts = (try await count(mine), try await count(other), try await count(TenantID()))
                #expect(counts == (1, 2, 0))
                let error = await #expect(throws: PostgresError.self) {
                    try await insertMail(other, as: mine, in: database)
                }
                #expect(error?.sqlState == "42501")
                let unset = try await database.query("SELECT 1 FROM notifications.outgoing")
                #expect(unset.isEmpty)
            }
        }
    }

    private func insertMail(_ tenant: TenantID, as setting: TenantID, in database: Database) async throws {
        try await database.transaction(tenant: setting) { tx in
            _ = try await tx.execute(
                """
                INSERT INTO notifications.outgoing
                    (tenant_id, id, source_message_id, kind, subject_id, recipient_name, recipient_email, language,
                     model, message_id, due, created_at)
                VALUES (\(tenant.uuid), \(UUID()), \(UUID()), 'confirmed', \(UUID()), 'Mai', 'mai@visitors.example',
                    'vi', '{}', '<a@b.example>', now(), now())
                """
            )
        }
    }

    private func expectDenied(_ database: Database, _ sql: SQL) async {
        let error = await #expect(throws: PostgresError.self) { try await database.execute(sql) }
        #expect(error?.sqlState == "42501", "\(sql.text)")
    }

    private func tables(of schemas: [String], _ database: Database) async throws -> [Table] {
        try await database.query(
            """
            SELECT schemaname::text, tablename::text FROM pg_tables
            WHERE schemaname = ANY(\(schemas)) ORDER BY 1, 2
            """
        ).map { row in
            let (schema, name) = try row.decode(String.self, String.self)
            return Table(schema: schema, name: name)
        }
    }

    private func withMigrated(_ body: @escaping @Sendable (TestDatabase) async throws -> Void) async throws {
        let template = DatabaseTemplate(name: "everything") { url, _ in
            let migration = try Program("tradewind", ["migrate"], environment: ["DATABASE_URL": url])
            let status = try await migration.status()
            try #require(status == 0, "\(migration.standardError)")
        }
        try await TestDatabase.withDatabase(template, body)
    }
}
