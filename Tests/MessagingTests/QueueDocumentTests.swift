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

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    @Test func theHotStatementsAreThoseOfTheCode() throws {
        let sources = ["QueueStatements.swift", "Migrations/CreateFunctions.swift"]
        let code = Set(try sources.flatMap { lines(withoutValues(try read("Shared/Messaging/\($0)"))) })
        let blocks = try blocks(of: "The three hot statements")
        #expect(blocks.count == 3)
        for line in blocks.flatMap(lines) { #expect(code.contains(line), "\(line)") }
    }

    @Test func theQueriesWork() async throws {
        try await Bench.run { bench in
            let failing = bench.router { message, _, _ in
                if message.number == 3 { throw Boom() }
            }
            try await bench.publish(contentsOf: (1...5).map { Counted(key: "k\($0)", number: $0) })
            try await bench.consumer(failing).drain()
            try await bench.publish(Counted(key: "a", number: 6))
            try await bench.test.withPool { owner in
                try await owner.executeScript(
                    """
                    CREATE FUNCTION testing.run(sql text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE sql; END $$
                    """
                )
                let blocks = try blocks(of: "By hand")
                #expect(blocks.count == 5)
                for block in blocks { _ = try await owner.query("SELECT testing.run(\(block))") }
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
