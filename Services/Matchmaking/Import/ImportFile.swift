import Domain
import Foundation

/// The columns of one kind of file.
struct ImportColumns: Sendable {
    let required: [String]
    /// Whether there are columns `name.en`, `name.zh-Hant` and so on, one at least.
    let hasNames: Bool

    /// Whether there may be columns for whom to write to: all of them or none.
    let hasContact: Bool

    static let namePrefix = "name."
    static let contact = ["contact.name", "contact.email", "contact.language"]

    var all: [String] { required + (hasNames ? ["name.en", "name.zh-Hant"] : []) + (hasContact ? Self.contact : []) }

    /// What the file of faulty rows adds, so that it can be mended and sent as it is.
    static let ignored: Set<String> = ["line", "faults"]
}

/// A file's rows, as far as they can be read, and every fault.
struct ImportFile<Entry: ImportEntry>: Sendable {
    struct Row: Sendable {
        let record: CSVRecord
        let entry: Entry
    }

    /// Of the columns, in the file's order; empty where the file can't be read at all.
    private(set) var header: [String] = []
    private(set) var rows: [Row] = []
    private(set) var faultyRows: [FaultyRow] = []
    /// Of the file as a whole, for which no row can be stored.
    private(set) var headerFaults: [ImportFault] = []

    init(_ bytes: [UInt8]) {
        var reader = CSVReader(bytes)
        guard let first = reader.next() else {
            headerFaults = [ImportFault(.empty, line: 1, column: 1)]
            return
        }
        headerFaults = first.faults + Self.faults(ofHeader: first)
        guard headerFaults.isEmpty else { return }
        header = first.fields.map(\.text)
        let places = Dictionary(uniqueKeysWithValues: header.enumerated().map { ($1, $0) })
        var lines: [String: Int] = [:]
        while let record = reader.next() {
            add(record, places, &lines)
        }
    }

    /// Rows of universities that the cohort does not have, and of whom its rules do not admit, are faulty, whatever else
    /// is wrong with them.
    mutating func check(universities: Set<String>, _ eligibility: CohortRules.Eligibility) {
        guard let place = Entry.universityColumn.flatMap({ header.firstIndex(of: $0) }) else { return }
        func faults(_ record: CSVRecord) -> [ImportFault] {
            guard record.fields.count == header.count else { return [] }
            return [
                Self.fault(ofUniversity: record.fields[place], universities, eligibility),
                header.firstIndex(of: "economy").flatMap { Self.fault(ofEconomy: record.fields[$0], eligibility) },
            ].compactMap(\.self)
        }
        faultyRows = faultyRows.map { row in
            FaultyRow(record: row.record, faults: (row.faults + faults(row.record)).inOrder)
        }
        var kept: [Row] = []
        kept.reserveCapacity(rows.count)
        for row in rows {
            let faults = faults(row.record).inOrder
            if faults.isEmpty {
                kept.append(row)
            } else {
                faultyRows.append(FaultyRow(record: row.record, faults: faults))
            }
        }
        rows = kept
        faultyRows.sort { $0.record.line < $1.record.line }
    }

    private static func fault(
        ofUniversity field: CSVField,
        _ universities: Set<String>,
        _ eligibility: CohortRules.Eligibility
    ) -> ImportFault? {
        guard let code = try? Slug(field.text) else { return nil }
        guard universities.contains(code.description) else { return ImportFault(.university, at: field) }
        let admitted = eligibility.universities
        guard !admitted.isEmpty, !admitted.contains(code) else { return nil }
        return ImportFault(.ineligibleUniversity, at: field, ["universities": admitted.listed])
    }

    private static func fault(ofEconomy field: CSVField, _ eligibility: CohortRules.Eligibility) -> ImportFault? {
        let admitted = eligibility.economies
        guard !admitted.isEmpty, let code = try? EconomyCode(field.text), !admitted.contains(code) else { return nil }
        return ImportFault(.ineligibleEconomy, at: field, ["economies": admitted.listed])
    }

    var faults: [ImportFault] { headerFaults + faultyRows.flatMap(\.faults) }

    private mutating func add(_ record: CSVRecord, _ places: [String: Int], _ lines: inout [String: Int]) {
        guard record.fields.count == header.count else {
            let values = ["found": "\(record.fields.count)", "expected": "\(header.count)"]
            let fault = ImportFault(.fieldCount, line: record.line, column: 1, values)
            faultyRows.append(FaultyRow(record: record, faults: record.faults + [fault]))
            return
        }
        var reader = RowReader(record, places)
        let entry = record.faults.isEmpty ? Entry(&reader) : nil
        guard let entry, reader.faults.isEmpty else {
            faultyRows.append(FaultyRow(record: record, faults: record.faults + reader.faults))
            return
        }
        if let line = lines[entry.key] {
            let field = record.fields[places[Entry.keyColumn] ?? 0]
            let fault = ImportFault(.doubled, at: field, ["line": "\(line)"])
            faultyRows.append(FaultyRow(record: record, faults: [fault]))
        } else {
            lines[entry.key] = record.line
            rows.append(Row(record: record, entry: entry))
        }
    }

    private static func faults(ofHeader record: CSVRecord) -> [ImportFault] {
        if record.fields.count == 1, let field = record.fields.first, field.text.contains(where: { ";\t".contains($0) })
        {
            return [ImportFault(.separator, at: field)]
        }
        var faults: [ImportFault] = []
        var seen: Set<String> = []
        for field in record.fields {
            let name = field.text
            if !isKnown(name) {
                faults.append(ImportFault(.unknownColumn, at: field, ["name": name]))
            } else if !seen.insert(name).inserted {
                faults.append(ImportFault(.doubledColumn, at: field, ["name": name]))
            }
        }
        var missing = Entry.columns.required.filter { !seen.contains($0) }
        if Entry.columns.hasNames, !seen.contains(where: { $0.hasPrefix(ImportColumns.namePrefix) }) {
            missing.append("name.en")
        }
        if !seen.isDisjoint(with: ImportColumns.contact) {
            missing += ImportColumns.contact.filter { !seen.contains($0) }
        }
        return faults + missing.map { ImportFault(.missingColumn, line: record.line, column: 1, ["name": $0]) }
    }

    private static func isKnown(_ name: String) -> Bool {
        if Entry.columns.required.contains(name) || ImportColumns.ignored.contains(name) { return true }
        if Entry.columns.hasContact, ImportColumns.contact.contains(name) { return true }
        guard Entry.columns.hasNames, name.hasPrefix(ImportColumns.namePrefix) else { return false }
        let tag = String(name.dropFirst(ImportColumns.namePrefix.count))
        return (try? LanguageTag(tag))?.description == tag
    }
}

extension Collection where Element: CustomStringConvertible {
    fileprivate var listed: String { map(\.description).joined(separator: ", ") }
}

extension [ImportFault] {
    /// By where they are.
    fileprivate var inOrder: Self { sorted { ($0.line, $0.column) < ($1.line, $1.column) } }
}

/// A row that can't be stored as it is.
struct FaultyRow: Sendable {
    let record: CSVRecord
    let faults: [ImportFault]
}
