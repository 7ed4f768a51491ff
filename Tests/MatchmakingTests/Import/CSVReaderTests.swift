import Foundation
import Testing

@testable import Matchmaking

@Suite("Reading CSV")
struct CSVReaderTests {
    static func read(_ text: String) -> [CSVRecord] { Array(CSVReader(Array(text.utf8))) }

    static func texts(_ text: String) -> [[String]] { read(text).map { $0.fields.map(\.text) } }

    @Test(arguments: [
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("\u{FEFF}a,b", [["a", "b"]]), ("", []), ("\r\n\n\r\n", []), ("a\n\n\nb", [["a"], ["b"]]),
        (",", [["", ""]]), ("a,\n,b", [["a", ""], ["", "b"]]), ("\"\"", [[""]]), ("\"a,b\",c", [["a,b", "c"]]),
        ("\"say \"\"hi\"\"\"", [["say \"hi\""]]), ("\"two\r\nlines\",x", [["two\r\nlines", "x"]]),
        (" a , b ", [[" a ", " b "]]), ("王小明,Ánh", [["王小明", "Ánh"]]), ("\"\"\"\"", [["\""]]),
    ])
    func whatIsCSVIsRead(_ text: String, _ rows: [[String]]) {
        let records = Self.read(text)
        #expect(records.map { $0.fields.map(\.text) } == rows)
        #expect(records.allSatisfy { $0.faults.isEmpty })
    }

    @Test(arguments: [
        ("a,b\"c", ImportFault.Kind.strayQuote, 1, 4), ("a\n王,b\"\"c", .strayQuote, 2, 4),
        ("\"a\"b,c", .afterQuote, 1, 4), ("a\r\n\"b\" ,c", .afterQuote, 2, 4), ("a\nb,\"c\n\nd", .openQuote, 2, 3),
        ("a,b\rc", .loneReturn, 1, 4), ("a\n\0", .nullCharacter, 2, 1), ("\"a\n\0\"", .nullCharacter, 2, 1),
    ])
    func whatIsNotCSVIsToldByLineAndColumn(_ text: String, _ kind: ImportFault.Kind, _ line: Int, _ column: Int) {
        let faults = Self.read(text).flatMap(\.faults)
        #expect(faults == [ImportFault(kind, line: line, column: column)])
    }

    @Test func readingGoesOnBehindAFault() {
        #expect(Self.texts("a\"b,c\nd,e") == [["a\"b", "c"], ["d", "e"]])
        #expect(Self.texts("\"a\"b,c\nd,e") == [["ab", "c"], ["d", "e"]])
        #expect(Self.read("\"a\"b\"c\",d\"e").first?.faults.map(\.kind) == [.afterQuote, .strayQuote])
    }

    @Test func bytesThatAreNotUTF8AreToldWhereTheyAre() {
        let plain = Array(CSVReader(Array("a\n".utf8) + Array("x,Á".utf8) + [0xE7, 0x8E] + Array(",z".utf8)))
        #expect(plain.flatMap(\.faults) == [ImportFault(.notUTF8, line: 2, column: 4)])
        let quoted = Array(CSVReader(Array("\"b\nc".utf8) + [0xFF] + Array("\"".utf8)))
        #expect(quoted.flatMap(\.faults) == [ImportFault(.notUTF8, line: 2, column: 2)])
        let wide = Array(CSVReader([0xFF, 0xFE, 0x61, 0x00]))
        #expect(wide.flatMap(\.faults).map(\.kind).contains(.notUTF8))
    }

    @Test func placesOfFieldsAreThoseOfTheirFirstCharacters() {
        let fields = Self.read("a\r\n王,\"b\nc\",d\ne").flatMap(\.fields)
        #expect(fields.map(\.line) == [1, 2, 2, 3, 4])
        #expect(fields.map(\.column) == [1, 1, 3, 4, 1])
    }

    /// What any other writer of CSV would make of a table is read back as the table.
    @Test func whatIsWrittenIsReadBack() {
        var random = SeededGenerator(11)
        let parts = ["a", "\"", ",", "\n", "\r\n", "王", " ", "'", ";", "é"]
        for _ in 0..<500 {
            let rows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (0..<3).map { _ in
                    (0..<Int.random(in: 1...4, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
                        .joined()
                }
            }
            let text = rows.map { row in
                row.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\r\n"
            }.joined()
            #expect(Self.texts(text) == rows)
        }
    }
}
