/// Reads comma-separated values (RFC 4180) from UTF-8 bytes.
struct CSVScanner {
    struct Cell {
        let text: String
        /// Where the cell begins, in bytes.
        let offset: Int
    }

    let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    func fault(_ message: String, at place: Int) -> FileFault { FileFault(message, at: place, in: bytes) }

    /// The next line's cells; `nil` at the end. Empty lines are passed over.
    mutating func row() throws(FileFault) -> [Cell]? {
        while offset < bytes.count, isLineEnd(bytes[offset]) { offset += 1 }
        guard offset < bytes.count else { return nil }
        var cells = [try cell()]
        while offset < bytes.count, bytes[offset] == UInt8(ascii: ",") {
            offset += 1
            cells.append(try cell())
        }
        return cells
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    private mutating func cell() throws(FileFault) -> Cell {
        let begin = offset
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
            while offset < bytes.count, bytes[offset] != UInt8(ascii: ","), !isLineEnd(bytes[offset]) { offset += 1 }
            return try cell(Array(bytes[begin..<offset]), begin)
        }
        offset += 1
        var text: [UInt8] = []
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "\"") {
                offset += 1
                guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { return try quoted(text, begin) }
            }
            text.append(bytes[offset])
            offset += 1
        }
        throw fault("The quoted cell does not end.", at: begin)
    }

    private func quoted(_ text: [UInt8], _ begin: Int) throws(FileFault) -> Cell {
        if offset < bytes.count, bytes[offset] != UInt8(ascii: ","), !isLineEnd(bytes[offset]) {
            throw fault("Expected a comma or the end of the line.", at: offset)
        }
        return try cell(text, begin)
    }

    private func cell(_ text: [UInt8], _ begin: Int) throws(FileFault) -> Cell {
        guard let text = String(validating: text, as: UTF8.self) else {
            throw fault("The text is not UTF-8.", at: begin)
        }
        let trimmed = text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        return Cell(text: trimmed, offset: begin)
    }
}
