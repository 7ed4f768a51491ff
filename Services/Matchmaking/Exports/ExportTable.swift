import Foundation

/// Rows of text under named columns, as files that others open.
struct ExportTable: Sendable {
    enum Format: String, Sendable {
        case csv, jsonl

        var contentType: String {
            switch self {
            case .csv: "text/csv; charset=utf-8"
            case .jsonl: "application/jsonl; charset=utf-8"
            }
        }
    }

    let columns: [String]
    let rows: [[String]]

    func text(_ format: Format) throws -> String {
        switch format {
        case .csv: csv
        case .jsonl: try jsonLines
        }
    }

    /// RFC 4180, with a byte order mark by which spreadsheets know UTF-8.
    private var csv: String {
        "\u{FEFF}" + ([columns] + rows).map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// An object for each row. Empty values are left out.
    private var jsonLines: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try rows.map { row in
                let fields = zip(columns, row).filter { !$0.1.isEmpty }
                let object = Dictionary(uniqueKeysWithValues: fields.map { ($0, $1) })
                return String(decoding: try encoder.encode(object), as: UTF8.self) + "\n"
            }.joined()
        }
    }

    /// What a spreadsheet would take for a formula is led by an apostrophe, which makes it text.
    static func cell(_ value: String) -> String {
        let value = isFormula(value) ? "'" + value : value
        guard value.unicodeScalars.contains(where: { "\",\r\n;\t".unicodeScalars.contains($0) }) else { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }

    /// What a cell of ours held before it was made text.
    static func value(ofCell text: String) -> String {
        let rest = String(text.unicodeScalars.dropFirst())
        return text.unicodeScalars.first == "'" && isFormula(rest) ? rest : text
    }

    /// Also what an apostrophe leads already: with one more, each value is still told from every other.
    private static func isFormula(_ text: String) -> Bool {
        text.unicodeScalars.drop { $0 == "'" }.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false
    }
}
