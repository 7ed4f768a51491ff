/// Reads comma-separated values (RFC 4180) from UTF-8 bytes.
struct CSVScanner {
    struct Cell {
        /// Where the cell begins, in bytes.
        let place: Int
        /// Printable ASCII, as it lies in the file; else `nil`.
        let plain: Range<Int>?
        private let decoded: String

        init(_ plain: Range<Int>) {
            place = plain.lowerBound
            self.plain = plain
            decoded = ""
        }

        init(_ decoded: String, place: Int) {
            self.place = place
            plain = nil
            self.decoded = decoded
        }

        func text(in bytes: FileBytes) -> String {
            let text = plain.map { String(decoding: bytes[$0], as: UTF8.self) } ?? decoded
            return text.split(separator: " ").joined(separator: " ")
        }
    }

    let bytes: FileBytes
    private(set) var offset = 0

    init(_ bytes: FileBytes) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    func fault(_ message: String, at place: Int) -> FileFault { FileFault(message, at: place, in: bytes) }

    /// Puts the next line into `cells`; false at the end. Empty lines are passed over.
    mutating func row(_ cells: inout [Cell]) throws(FileFault) -> Bool {
        cells.removeAll(keepingCapacity: true)
        while offset < bytes.count, isLineEnd(bytes[offset]) { offset += 1 }
        guard offset < bytes.count else { return false }
        cells.append(try cell())
        while offset < bytes.count, bytes[offset] == UInt8(ascii: ",") {
            offset += 1
            cells.append(try cell())
        }
        return true
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    private mutating func cell() throws(FileFault) -> Cell {
        let begin = offset
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
            var isPlain = true
            while offset < bytes.count, bytes[offset] != UInt8(ascii: ","), !isLineEnd(bytes[offset]) {
                isPlain = isPlain && (0x20..<0x7F).contains(bytes[offset])
                offset += 1
            }
            return isPlain ? Cell(begin..<offset) : try cell(Array(bytes[begin..<offset]), begin)
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
        return Cell(text, place: begin)
    }
}
