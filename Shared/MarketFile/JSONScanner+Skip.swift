extension JSONScanner {
    mutating func skipValue() throws(FileFault) {
        switch peek().map(Unicode.Scalar.init) {
        case "{": try object { (scanner, _) throws(FileFault) in try scanner.skipValue() }
        case "[": try array { (scanner) throws(FileFault) in try scanner.skipValue() }
        case "\"": _ = try string()
        case "t": try word("true")
        case "f": try word("false")
        case "n": try word("null")
        default: try skipNumber()
        }
    }

    /// Whether the next value is `null`; then it is read.
    mutating func null() throws(FileFault) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    private mutating func word(_ word: String) throws(FileFault) {
        let begin = offset
        for byte in word.utf8 {
            guard offset < bytes.count, bytes[offset] == byte else { throw fault("Expected a value.", at: begin) }
            advance()
        }
    }

    mutating func skipNumber() throws(FileFault) {
        let begin = offset
        if isAt("-") { advance() }
        let first = offset
        let whole = skipDigits()
        guard whole > 0, whole == 1 || bytes[first] != UInt8(ascii: "0") else {
            throw fault("Expected a value.", at: begin)
        }
        if isAt(".") {
            advance()
            guard skipDigits() > 0 else { throw fault("Expected a digit.") }
        }
        if isAt("e") || isAt("E") {
            advance()
            if isAt("+") || isAt("-") { advance() }
            guard skipDigits() > 0 else { throw fault("Expected a digit.") }
        }
    }

    private func isAt(_ mark: Unicode.Scalar) -> Bool { offset < bytes.count && bytes[offset] == UInt8(ascii: mark) }

    private mutating func skipDigits() -> Int {
        let begin = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) { advance() }
        return offset - begin
    }
}
