import Domain
import Foundation

/// Parses the values of one row and keeps what is wrong with them.
struct RowReader {
    private let fields: [CSVField]
    private let places: [String: Int]
    private(set) var faults: [ImportFault] = []

    init(_ record: CSVRecord, _ places: [String: Int]) {
        fields = record.fields
        self.places = places
    }

    mutating func value<Value: ParsedValue>(_ column: String, orElse kind: ImportFault.Kind) -> Value? {
        guard let field = filled(column) else { return nil }
        do {
            return try Value(Self.text(field))
        } catch {
            faults.append(ImportFault(kind, at: field))
            return nil
        }
    }

    mutating func number(_ column: String, in range: ClosedRange<Int>, orElse kind: ImportFault.Kind) -> Int? {
        guard let field = filled(column) else { return nil }
        let text = Self.text(field)
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(text), range.contains(number) else {
            faults.append(ImportFault(kind, at: field))
            return nil
        }
        return number
    }

    /// What the columns `name.en` and so on hold; those that are empty are left out.
    mutating func names() -> LocalizedText? {
        let columns = places.filter { $0.key.hasPrefix(ImportColumns.namePrefix) }.sorted { $0.value < $1.value }
        guard let first = columns.first.map({ fields[$0.value] }) else { return nil }
        var texts: [LanguageTag: String] = [:]
        for (column, place) in columns {
            let field = fields[place]
            let tag = column.dropFirst(ImportColumns.namePrefix.count)
            guard let language = try? LanguageTag(String(tag)), !field.text.allSatisfy(\.isWhitespace) else { continue }
            texts[language] = Self.text(field)
        }
        guard !texts.isEmpty else {
            faults.append(ImportFault(.blank, at: first, ["column": "name"]))
            return nil
        }
        guard let names = try? LocalizedText(texts), names.lineFault(at: "") == nil else {
            faults.append(ImportFault(.name, at: first))
            return nil
        }
        return names
    }

    /// What the columns of a contact hold, where there are any: all three of them, or nothing.
    mutating func contact() -> Recipient? {
        let given = ImportColumns.contact.compactMap { places[$0] }.map { fields[$0] }
            .filter { !$0.text.allSatisfy(\.isWhitespace) }
        guard let first = given.first else { return nil }
        guard given.count == ImportColumns.contact.count else {
            faults.append(ImportFault(.contact, at: first))
            return nil
        }
        let name: PersonName? = value("contact.name", orElse: .name)
        let email: EmailAddress? = value("contact.email", orElse: .email)
        let language: LanguageTag? = value("contact.language", orElse: .language)
        guard let name, let email, let language else { return nil }
        return Recipient(name: name, email: email, language: language)
    }

    private mutating func filled(_ column: String) -> CSVField? {
        guard let place = places[column] else { return nil }
        let field = fields[place]
        guard !field.text.allSatisfy(\.isWhitespace) else {
            faults.append(ImportFault(.blank, at: field, ["column": column]))
            return nil
        }
        return field
    }

    /// Without the apostrophe by which our own files keep a value from being a formula.
    private static func text(_ field: CSVField) -> String { ExportTable.value(ofCell: field.text) }
}
