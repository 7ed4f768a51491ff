import Foundation
import Logging
import Testing

@testable import Postgres

@Suite(.serialized) struct MigratorTests {
    private let migrator = Migrator(url: serverURL, logger: Logger(label: "tests"))
    private let schema = "test_" + UUID().uuidString.lowercased()

    private let first = Migration(
        1,
        "people",
        sql: """
            CREATE TABLE pg_temp.scratch (n int); -- several statements, and a semicolon in 'a;b'
            INSERT INTO pg_temp.scratch SELECT 1;
            SELECT 1;
            """
    )
    private let second = Migration(2, "more people", sql: "CREATE TABLE pg_temp.more (n int)")

    private func cleanUp() async throws {
        _ = try await withDatabase { try await $0.query("DROP SCHEMA IF EXISTS \(identifier: schema) CASCADE") }
    }

    @Test func whatIsMissingIsAppliedOnce() async throws {
        try await #expect(migrator.pending(schema: schema, [first, second]) == ["people", "more people"])
        try await #expect(migrator.migrate(schema: schema, [first]) == ["people"])
        try await #expect(migrator.pending(schema: schema, [first, second]) == ["more people"])
        try await #expect(migrator.migrate(schema: schema, [first, second]) == ["more people"])
        try await #expect(migrator.migrate(schema: schema, [first, second]) == [])
        try await #expect(migrator.pending(schema: schema, [first, second]) == [])
        try await cleanUp()
    }

    @Test func oneThatFailsLeavesNothingBehind() async throws {
        let broken = Migration(2, "broken", sql: "CREATE SEQUENCE pg_temp.s; SELECT 1/0; SELECT 2")
        let error = await #expect(throws: PostgresError.self) {
            try await migrator.migrate(schema: schema, [first, broken])
        }
        #expect(error?.sqlState == "22012")
        try await #expect(migrator.pending(schema: schema, [first, second]) == ["more people"])
        try await cleanUp()
    }

    @Test func whatDoesNotFitIsRefused() async throws {
        try await migrator.migrate(schema: schema, [first, second])
        let edited = Migration(1, "people", sql: "SELECT 2")
        for migrate in [true, false] {
            func attempt(_ migrations: [Migration]) async throws {
                if migrate {
                    try await migrator.migrate(schema: schema, migrations)
                } else {
                    _ = try await migrator.pending(schema: schema, migrations)
                }
            }
            await #expect(throws: MigrationError.edited(schema: schema, number: 1)) {
                try await attempt([edited, second])
            }
            await #expect(throws: MigrationError.unknown(schema: schema, number: 2)) { try await attempt([first]) }
            await #expect(throws: MigrationError.outOfOrder(schema: schema, number: 0)) {
                try await attempt([Migration(0, "zero", sql: "SELECT 1"), first, second])
            }
            await #expect(throws: MigrationError.outOfOrder(schema: schema, number: 1)) {
                try await attempt([second, first])
            }
        }
        try await cleanUp()
    }

    @Test func manyAtOnceApplyEachOnce() async throws {
        let names = try await withThrowingTaskGroup { group in
            for _ in 0..<6 { group.addTask { try await migrator.migrate(schema: schema, [first, second]) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(names.sorted() == ["more people", "people"])
        try await cleanUp()
    }
}
