import Foundation
import Testing

@testable import Postgres

@Suite struct SQLTests {
    @Test func valuesBecomeBinds() {
        let name = "'; DROP TABLE people; --"
        let sql: SQL = "SELECT * FROM people WHERE name = \(name) AND age > \(7)"
        #expect(sql.text == "SELECT * FROM people WHERE name = $1 AND age > $2")
        #expect(sql.binds.map(\.type) == [.text, .int8])
        #expect(sql.binds.map(\.bytes) == [Array(name.utf8), [0, 0, 0, 0, 0, 0, 0, 7]])
    }

    @Test func aMissingValueKeepsItsType() {
        let sql: SQL = "SELECT \(nil as UUID?)"
        #expect(sql.binds.map(\.type) == [.uuid])
        #expect(sql.binds[0].bytes == nil)
    }

    @Test func fragmentsAreRenumbered() {
        let inner: SQL = "a = \(1) AND b = '$1' AND c = \(2)"
        let middle: SQL = "x = \(0) OR (\(inner)) OR y = \(3)"
        let sql: SQL = "WHERE z = \(9) OR \(middle) LIMIT \(4)"
        #expect(sql.text == "WHERE z = $1 OR x = $2 OR (a = $3 AND b = '$1' AND c = $4) OR y = $5 LIMIT $6")
        #expect(sql.binds.map { $0.bytes?.last } == [9, 0, 1, 2, 3, 4])
    }

    @Test func aFragmentWithMoreThanNineBinds() {
        var list: SQL = "\(0)"
        for number in 1...11 { list = "\(list), \(number)" }
        let sql: SQL = "(\(list)) é \(list)"
        let first = (1...12).map { "$\($0)" }.joined(separator: ", ")
        let second = (13...24).map { "$\($0)" }.joined(separator: ", ")
        #expect(sql.text == "(\(first)) é \(second)")
    }

    @Test(arguments: [
        ("name", #""name""#), ("Two Words", #""Two Words""#), (#"a"b"#, #""a""b""#), ("naïve", #""naïve""#),
        ("a\u{0}b", #""ab""#),
    ])
    func identifiersAreQuoted(name: String, quoted: String) {
        let sql: SQL = "SELECT \(identifier: name)"
        #expect(sql.text == "SELECT \(quoted)")
        #expect(sql.binds.isEmpty)
    }

    /// What the type promises, shown by the compiler: a literal is SQL, a `String` is not.
    @Test(
        .enabled(if: Compiler.isThere),
        arguments: [
            (#"let sql: SQL = "SELECT 1""#, true),
            (#"let sql = SQL("SELECT 1")"#, true),
            (#"let name = "x"; let sql: SQL = "SELECT \(name)""#, true),
            (#"let text = "SELECT 1"; let sql: SQL = text"#, false),
            (#"let text = "SELECT 1"; let sql = SQL(text)"#, false),
            (#"let text = "SELECT 1"; let sql = SQL(stringLiteral: text)"#, false),
            (
                #"var parts = SQL.StringInterpolation(literalCapacity: 0, interpolationCount: 0); parts.appendLiteral(String(1))"#,
                false
            ),
        ]
    )
    func aStringDoesNotCompileAsSQL(code: String, compiles: Bool) async throws {
        try await #expect(Compiler.accepts(code) == compiles)
    }
}

/// Type-checks a line of code against the sources of `SQL`.
private enum Compiler {
    static let sources: URL = {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appending(path: "Shared/Postgres")
    }()

    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/swiftc" }.first(where: FileManager.default.isExecutableFile(atPath:))

    static var isThere: Bool {
        path != nil && FileManager.default.fileExists(atPath: sources.appending(path: "SQL.swift").path)
    }

    static func accepts(_ code: String) async throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sql-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let main = folder.appending(path: "main.swift")
        try Data(("extension String: PostgresEncodable {\n" + textConformance + "}\n" + code + "\n").utf8).write(
            to: main
        )
        let process = Process()
        process.executableURL = URL(filePath: try #require(path))
        process.arguments =
            ["-typecheck", "-swift-version", "6", main.path]
            + ["SQL.swift", "Values/PostgresType.swift", "Values/PostgresEncodable.swift"]
            .map { sources.appending(path: $0).path }
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus == 0) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }

    private static let textConformance = """
        public static var postgresType: PostgresType { .text }
        public static var postgresArrayType: PostgresType { .textArray }
        public func encode(into bytes: inout [UInt8]) {}
        """
}
