/// Reads JSON (RFC 8259) from bytes, a value at a time, straight into what its caller makes of it.
struct JSONScanner {
    var bytes: FileBytes { content.bytes }
    var content: FileTexts
    var offset = 0
    private var depth = 0

    /// Deeper nesting is refused, so that no file can exhaust the stack.
    static let maximumDepth = 64

    init(_ bytes: FileBytes) {
        content = FileTexts(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    func fault(_ message: String, at place: Int? = nil) -> FileFault {
        FileFault(message, at: place ?? offset, in: bytes)
    }

    /// The first byte of the next value or mark; `nil` at the end.
    mutating func peek() -> UInt8? {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): offset += 1
            case let byte: return byte
            }
        }
        return nil
    }

    mutating func end() throws(FileFault) {
        if peek() != nil { throw fault("Expected the end of the file.") }
    }

    mutating func advance() { offset += 1 }

    /// Reads a mark. Returns where it stands.
    @discardableResult
    mutating func expect(_ mark: Unicode.Scalar, _ what: String) throws(FileFault) -> Int {
        guard peek() == UInt8(ascii: mark) else { throw fault("Expected \(what).") }
        offset += 1
        return offset - 1
    }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: mark) else { return false }
        offset += 1
        return true
    }

    private mutating func descend() throws(FileFault) {
        depth += 1
        if depth > Self.maximumDepth { throw fault("Nested too deep.") }
    }

    /// Calls `member` for each key; it must read the value. A key that comes twice is refused.
    mutating func object(_ member: (inout JSONScanner, String) throws(FileFault) -> Void) throws(FileFault) {
        try expect("{", "an object { … }")
        try descend()
        var keys = Set<String>()
        if !take("}") {
            repeat {
                guard peek() == UInt8(ascii: "\"") else { throw fault("Expected a key in quotes.") }
                let place = offset
                let key = try string()
                if !keys.insert(key).inserted { throw fault("The key \"\(key)\" comes twice.", at: place) }
                try expect(":", "a colon")
                try member(&self, key)
            } while take(",")
            try expect("}", "a comma or }")
        }
        depth -= 1
    }

    /// Calls `element` for each element; it must read it.
    mutating func array(_ element: (inout JSONScanner) throws(FileFault) -> Void) throws(FileFault) {
        try expect("[", "an array [ … ]")
        try descend()
        if !take("]") {
            repeat { try element(&self) } while take(",")
            try expect("]", "a comma or ]")
        }
        depth -= 1
    }

    mutating func string() throws(FileFault) -> String {
        try expect("\"", "text in quotes")
        let begin = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                defer { offset += 1 }
                return try text(bytes[begin..<offset], at: begin)
            case UInt8(ascii: "\\"): return try escapedString(begin)
            case 0..<0x20: throw fault("A control character in text must be escaped.")
            default: offset += 1
            }
        }
        throw fault("The text does not end.", at: begin - 1)
    }

    private func text(_ part: some Collection<UInt8>, at place: Int) throws(FileFault) -> String {
        guard let text = String(validating: part, as: UTF8.self) else {
            throw fault("The text is not UTF-8.", at: place)
        }
        return text
    }

    private mutating func escapedString(_ begin: Int) throws(FileFault) -> String {
        var buffer = Array(bytes[begin..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return try text(buffer, at: begin)
            case UInt8(ascii: "\\"):
                offset += 1
                buffer += Array(String(try escape()).utf8)
            case 0..<0x20: throw fault("A control character in text must be escaped.")
            default:
                buffer.append(byte)
                offset += 1
            }
        }
        throw fault("The text does not end.", at: begin - 1)
    }

    private mutating func escape() throws(FileFault) -> Unicode.Scalar {
        guard offset < bytes.count else { throw fault("The text does not end.") }
        let byte = bytes[offset]
        offset += 1
        switch Unicode.Scalar(byte) {
        case "\"", "\\", "/": return Unicode.Scalar(byte)
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try unicodeEscape()
        default: throw fault("Unknown escape.", at: offset - 2)
        }
    }

    private mutating func unicodeEscape() throws(FileFault) -> Unicode.Scalar {
        let begin = offset - 2
        let high = try hexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, bytes[offset...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
            throw fault("Half of a surrogate pair.", at: begin)
        }
        offset += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw fault("Half of a surrogate pair.", at: begin) }
        return scalar
    }

    private mutating func hexadecimal() throws(FileFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count, let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else {
                throw fault("Expected four hexadecimal digits.")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    /// A whole number within ±10¹⁵, without fraction or exponent.
    mutating func integer() throws(FileFault) -> Int {
        _ = peek()
        let begin = offset
        try skipNumber()
        guard let value = Int(String(decoding: bytes[begin..<offset], as: UTF8.self)),
            abs(value) <= 1_000_000_000_000_000
        else { throw fault("Expected a whole number.", at: begin) }
        return value
    }
}
