import Domain
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite("What a service's role may see")
struct RightsTests {
    static let template = DatabaseTemplate.services(TinyService.self, NeighbourService.self)

    @Test(
        "not a neighbour's tables, not tokens, keys or tenants; it makes nothing and owns nothing",
        arguments: [
            "SELECT 1 FROM neighbour.secrets", "INSERT INTO neighbour.secrets VALUES (NULL, 'x')",
            "SELECT 1 FROM neighbour.idempotency", "SELECT token_hash FROM access.api_tokens",
            "SELECT 1 FROM access.api_tokens", "SELECT secret FROM access.link_keys", "SELECT 1 FROM access.tenants",
            "DELETE FROM access.api_tokens", "CREATE TABLE tiny.mine (id int)", "CREATE SCHEMA mine",
            "CREATE ROLE somebody", "ALTER TABLE tiny.notes DISABLE ROW LEVEL SECURITY", "DROP TABLE tiny.notes",
            "TRUNCATE tiny.notes", "DELETE FROM tiny.applied_migrations",
        ] as [SQL]
    )
    func refused(statement: SQL) async throws {
        try await TestDatabase.withDatabase(Self.template, role: "tradewind_tiny") { test in
            let error = await #expect(throws: PostgresError.self) { try await test.database.execute(statement) }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test("its own rows of one tenant, and none without saying which")
    func rows() async throws {
        try await TestDatabase.withDatabase(Self.template) { test in
            let tenants = [UUID(), UUID()]
            for tenant in tenants {
                try await test.database.execute(
                    "INSERT INTO tiny.notes (tenant_id, note_id, text) VALUES (\(tenant), \(UUID()), 'a')"
                )
            }
            try await test.withPool(role: "tradewind_tiny") { database in
                #expect(try await database.query("SELECT 1 FROM tiny.notes").isEmpty)
                let seen = try await database.transaction(tenant: TenantID(tenants[0])) { tx in
                    try await tx.query("SELECT tenant_id FROM tiny.notes").map {
                        try $0.decode(UUID.self, column: "tenant_id")
                    }
                }
                #expect(seen == [tenants[0]])
                #expect(try await database.query("SELECT 1 FROM tiny.notes").isEmpty)
                let error = await #expect(throws: PostgresError.self) {
                    try await database.transaction(tenant: TenantID(tenants[0])) { tx in
                        try await tx.execute(
                            "INSERT INTO tiny.notes (tenant_id, note_id, text) VALUES (\(tenants[1]), \(UUID()), 'b')"
                        )
                    }
                }
                #expect(error?.sqlState == "42501")
                #expect(try await database.execute("DELETE FROM tiny.notes") == 0)
            }
        }
    }

    @Test("row-level security is forced on each table of a service that has tenants, the answers' table too")
    func forced() async throws {
        try await TestDatabase.withDatabase(.services(TinyService.self)) { test in
            let rows = try await test.database.query(
                """
                SELECT relname::text AS name FROM pg_class
                WHERE relnamespace = 'tiny'::regnamespace AND relkind = 'r' AND relrowsecurity AND relforcerowsecurity
                ORDER BY relname
                """
            )
            #expect(try rows.map { try $0.decode(String.self, column: "name") } == ["idempotency", "notes"])
        }
    }

    @Test("whoever is granted the tables of access sees one tenant's rows only")
    func accessRows() async throws {
        try await TestDatabase.withDatabase(Self.template) { test in
            let access = AccessAdministration(database: test.database)
            let one = try await access.ensureTenant("one")
            let two = try await access.ensureTenant("two")
            for tenant in [one, two] {
                _ = try await access.makeToken(tenant: tenant, role: .staff, name: "office", expires: nil)
            }
            try await test.database.execute(
                "GRANT SELECT ON access.tenants, access.api_tokens, access.link_keys TO tradewind_tiny"
            )
            try await test.withPool(role: "tradewind_tiny") { database in
                for table in ["tenants", "api_tokens", "link_keys"] {
                    let all: SQL = "SELECT tenant_id FROM access.\(identifier: table)"
                    #expect(try await database.query(all).isEmpty)
                    let seen = try await database.transaction(tenant: one) { tx in
                        try await tx.query(all).map { try $0.decode(UUID.self, column: "tenant_id") }
                    }
                    #expect(seen == [one.uuid])
                }
            }
        }
    }

    @Test("the look-ups ignore a search path that somebody else set")
    func searchPath() async throws {
        try await TestDatabase.withDatabase(Self.template, role: "tradewind_tiny") { test in
            let rows = try await test.database.query(
                """
                SELECT count(*) AS n FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname = 'access' AND (NOT prosecdef OR proconfig IS NULL
                    OR proconfig::text NOT LIKE '%search_path=pg_catalog%')
                """
            )
            #expect(try #require(rows.first).decode(Int.self, column: "n") == 0)
        }
    }

    @Test("many may migrate at once, in one database and in several, and again")
    func concurrent() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...3 {
                group.addTask {
                    try await TestDatabase.withDatabase(.empty) { test in
                        let results = try await withThrowingTaskGroup(of: [String].self) { group in
                            for _ in 1...3 {
                                group.addTask {
                                    try await ServiceHost.migrate(
                                        modules: [TinyService.self, NeighbourService.self],
                                        url: test.url,
                                        logger: test.logger
                                    )
                                }
                            }
                            return try await group.reduce(into: []) { $0.append($1) }
                        }
                        let applied = results.flatMap { $0 }
                        #expect(applied.count == Set(applied).count)
                        #expect(applied.contains("tiny: notes"))
                        let again = try await ServiceHost.migrate(
                            modules: [TinyService.self],
                            url: test.url,
                            logger: test.logger
                        )
                        #expect(again.isEmpty)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
