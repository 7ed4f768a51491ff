import Foundation
import Messaging
import Postgres
import TestKit
import Testing

/// docs/queue.md shows the statements of the code, names suites that are there, and its queries work.
@Suite struct QueueDocumentTests {
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func read(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// The SQL of the page's part with this heading, block by block.
    private func blocks(of heading: String) throws -> [String] {
        let parts = try read("docs/queue.md").components(separatedBy: "\n## ")
        let part = try #require(parts.first { $0.hasPrefix(heading) })
        return part.components(separatedBy: "```sql\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    /// Values that are interpolated become `…`.
    private func withoutValues(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let start = rest.range(of: "\\(") {
            result += rest[..<start.lowerBound] + "…"
            var depth = 1
            var end = start.upperBound
            while depth > 0, end < rest.endIndex {
                if rest[end] == "(" { depth += 1 }
                if rest[end] == ")" { depth -= 1 }
                end = rest.index(after: end)
            }
            rest = rest[end...]
        }
        return result + rest
    }

    /// Without those that are empty or comments.
    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("--") }
    }

    /// Each stands in the code line by line as on the page; an empty line on the page ends a statement.
    @Test func theHotStatementsAreThoseOfTheCode() throws {
        let code = try ["QueueStatements.swift", "Migrations/CreateFunctions.swift"].map {
            lines(withoutValues(try read("Shared/Messaging/\($0)")))
        }
        let statements = try blocks(of: "The three hot statements").flatMap { $0.components(separatedBy: "\n\n") }
        #expect(statements.count == 4)
        for statement in statements { #expect(code.contains { $0.contains(lines(statement)) }, "\(statement)") }
    }

    @Test func theQueriesWorkAndDoNotReadTheWholeLog() async throws {
        let statements = try blocks(of: "By hand").flatMap { $0.components(separatedBy: ";\n") }
            .filter { !lines($0).isEmpty }
        #expect(statements.count == 6)
        try await Bench.run { bench in
            let failing = bench.router { message, _, _ in if message.number == 3 { throw Boom() } }
            try await bench.publish(contentsOf: (1...3000).map { Counted(key: "k\($0)", number: $0) })
            try await bench.consumer(failing).drain()
            let id = try #require(
                try await bench.database.query("SELECT id::text FROM queue.log ORDER BY position DESC LIMIT 1").first
            ).decode(String.self)
            try await bench.test.withPool { owner in
                try await owner.executeScript(
                    """
                    ANALYZE;
                    CREATE FUNCTION testing.count(sql text) RETURNS bigint LANGUAGE plpgsql AS $$
                    DECLARE n bigint;
                    BEGIN EXECUTE format('SELECT count(*) FROM (%s) x', sql) INTO n; RETURN n; END $$
                    """
                )
                // This one reads the log too, and so holds two locks on it.
                try await bench.database.transaction(tenant: tenant) { open in
                    try open.publish(Counted(key: "a", number: 3001))
                    try await open.query("SELECT FROM queue.log LIMIT 1")
                    let (counts, scanned) = try await owner.transaction { tx in
                        var counts: [Int] = []
                        for statement in statements {
                            let sql = statement.replacing("0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e", with: id)
                            let rows = try await tx.query("SELECT testing.count(\(sql))")
                            counts.append(try #require(rows.first).decode(Int.self))
                        }
                        let scanned = try await tx.query(
                            """
                            SELECT sum(seq_tup_read)::bigint FROM pg_stat_xact_user_tables
                            WHERE schemaname = 'queue' AND relname LIKE 'log_%'
                            """
                        )
                        return (counts, try #require(scanned.first).decode(Int.self))
                    }
                    // Lanes; dead letters and retries; what became of a message; segments; open transactions.
                    #expect(counts == [4, 0, 1, 1, 3, 1])
                    #expect(scanned == 0)
                }
            }
        }
    }

    @Test func theSuitesAreThere() throws {
        let parts = try read("docs/queue.md").components(separatedBy: "\n## What proves it")
        let names = try #require(parts.last).matches(of: /`(\w+Tests)(?:\.(\w+))?`/).map { $0.output }
        #expect(names.count > 25)
        let tests = Self.root.appending(path: "Tests")
        let folders = try FileManager.default.contentsOfDirectory(atPath: tests.path)
        for (_, suite, test) in names {
            let file = folders.map { "Tests/\($0)/\(suite).swift" }.first {
                FileManager.default.fileExists(atPath: Self.root.appending(path: $0).path)
            }
            let source = try read(try #require(file, "\(suite)"))
            if let test { #expect(source.contains("func \(test)("), "\(suite).\(test)") }
        }
    }
}
