import Domain
import Foundation

/// What is wrong at one place of a file.
struct ImportFault: Codable, Sendable, Hashable {
    /// The raw value names its text, which says what is wrong and how to mend it.
    enum Kind: String, Codable, Sendable, CaseIterable {
        // The file
        case empty
        case notUTF8 = "not-utf-8"
        case nullCharacter = "null-character"
        case strayQuote = "stray-quote"
        case afterQuote = "text-after-quote"
        case openQuote = "open-quote"
        case loneReturn = "lone-return"
        // Its columns
        case separator
        case unknownColumn = "unknown-column"
        case missingColumn = "missing-column"
        case doubledColumn = "doubled-column"
        case fieldCount = "field-count"
        // Values
        case blank
        case code
        case name
        case contact
        case capacity
        case email
        case language
        case economy
        case university
        /// The cohort's rules don't admit them.
        case ineligibleEconomy = "ineligible-economy"
        case ineligibleUniversity = "ineligible-university"
        case doubled
    }

    let kind: Kind
    /// Both from 1.
    let line: Int
    let column: Int
    /// What its text names.
    var values: [String: String] = [:]

    init(_ kind: Kind, line: Int, column: Int, _ values: [String: String] = [:]) {
        self.kind = kind
        self.line = line
        self.column = column
        self.values = values.mapValues { String($0.withoutControls.prefix(80)) }
    }

    init(_ kind: Kind, at field: CSVField, _ values: [String: String] = [:]) {
        self.init(kind, line: field.line, column: field.column, values)
    }

    func text(_ pages: PersonalPages, _ language: LanguageTag) -> String {
        pages.text("import.fault.\(kind.rawValue)", language, values)
    }
}
