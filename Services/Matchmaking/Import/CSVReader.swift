/// Reads CSV by RFC 4180, strictly: what is not CSV is told by line and column, and reading goes on behind it, so that
/// one look at a file finds every fault. Lines end in CRLF or LF; empty lines are passed over; a byte order mark is too.
///
/// Written by hand because SwiftCSV 0.10 stops at the first fault and does not tell where it is, drops white space
/// between fields, and lets quotation marks stand inside a plain field.
struct CSVReader: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var index: Int
    private var line = 1
    /// Counted in characters of Unicode, as editors do.
    private var column = 1

    private static let (quote, comma, lineFeed, carriageReturn) = (
        UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")
    )

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func next() -> CSVRecord? {
        while isLineEnd { takeLineEnd() }
        guard index < bytes.count else { return nil }
        var record = CSVRecord(line: line)
        record.fields.append(field(&record.faults))
        while byte == Self.comma {
            advance()
            record.fields.append(field(&record.faults))
        }
        takeLineEnd()
        return record
    }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private var isLineEnd: Bool {
        switch byte {
        case Self.lineFeed: true
        case Self.carriageReturn: index + 1 < bytes.count && bytes[index + 1] == Self.lineFeed
        default: false
        }
    }

    private mutating func advance() {
        guard let byte else { return }
        index += 1
        if byte == Self.lineFeed {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    private mutating func takeLineEnd() {
        guard isLineEnd else { return }
        if byte == Self.carriageReturn { advance() }
        advance()
    }

    private mutating func field(_ faults: inout [ImportFault]) -> CSVField {
        let (startLine, startColumn) = (line, column)
        var content: [UInt8] = []
        let textColumn = byte == Self.quote ? column + 1 : column
        let endsClean = byte == Self.quote ? quoted(&content, &faults) : true
        plain(&content, &faults, telling: endsClean)
        let text = String(validating: content, as: UTF8.self)
        if text == nil {
            let place = Self.firstFault(of: content, line: startLine, column: textColumn)
            faults.append(ImportFault(.notUTF8, line: place.line, column: place.column))
        }
        return CSVField(
            text: text ?? String(decoding: content, as: UTF8.self),
            line: startLine,
            column: startColumn
        )
    }

    /// From one quotation mark to the one that ends it; a doubled one stands for itself. Whether the field ends there.
    private mutating func quoted(_ content: inout [UInt8], _ faults: inout [ImportFault]) -> Bool {
        let (startLine, startColumn) = (line, column)
        advance()
        while let byte {
            let place = (line, column)
            advance()
            if byte == Self.quote {
                guard self.byte == Self.quote else {
                    guard let next = self.byte, next != Self.comma, !isLineEnd else { return true }
                    faults.append(ImportFault(.afterQuote, line: line, column: column))
                    return false
                }
                advance()
            }
            if byte == 0 { faults.append(ImportFault(.nullCharacter, line: place.0, column: place.1)) }
            content.append(byte)
        }
        faults.append(ImportFault(.openQuote, line: startLine, column: startColumn))
        return true
    }

    /// To the next comma or line's end. Each kind of fault is told once.
    private mutating func plain(_ content: inout [UInt8], _ faults: inout [ImportFault], telling tellsQuotes: Bool) {
        var told: Set<ImportFault.Kind> = tellsQuotes ? [] : [.strayQuote]
        while let byte, byte != Self.comma, !isLineEnd {
            let fault: ImportFault.Kind? =
                switch byte {
                case Self.quote: .strayQuote
                case Self.carriageReturn: .loneReturn
                case 0: .nullCharacter
                default: nil
                }
            if let fault, told.insert(fault).inserted {
                faults.append(ImportFault(fault, line: line, column: column))
            }
            content.append(byte)
            advance()
        }
    }

    private static func firstFault(of content: [UInt8], line: Int, column: Int) -> (line: Int, column: Int) {
        var (line, column) = (line, column)
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = content.makeIterator()
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) {
            if scalar.count == 1, scalar.first == lineFeed {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return (line, column)
    }
}

/// A line of a file, or several where fields hold line breaks.
struct CSVRecord: Sendable {
    /// Where it begins, from 1.
    let line: Int
    var fields: [CSVField] = []
    var faults: [ImportFault] = []
}

struct CSVField: Sendable, Hashable {
    let text: String
    let line: Int
    let column: Int
}
