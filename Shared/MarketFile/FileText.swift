internal import MatchingEngine

/// A text of a file, by the place where it stands. Plain: many of them are moved about.
struct FileText {
    /// Where it begins, with the quote if there is one.
    let place: Int
    /// Where its bytes begin; of decoded texts their number in `FileTexts`.
    let offset: Int
    let count: Int
    let key: Interner.Key
    /// Whether the bytes that were meant are not what the file has.
    let isDecoded: Bool

    /// Bytes `offset..<offset + count` of a file, of which none needs to be looked at twice.
    init(place: Int, offset: Int, count: Int, key: Interner.Key) {
        self.place = place
        self.offset = offset
        self.count = count
        self.key = key
        isDecoded = false
    }

    fileprivate init(decoded: [UInt8], number: Int, place: Int) {
        self.place = place
        offset = number
        count = decoded.count
        key = Interner.key(decoded)
        isDecoded = true
    }
}

/// The bytes of one or more files, and of texts that are not written as they are meant.
struct FileTexts {
    let bytes: FileBytes
    private var decoded: [[UInt8]] = []

    init(_ bytes: FileBytes) {
        self.bytes = bytes
    }

    mutating func keep(_ text: String, place: Int) -> FileText {
        decoded.append(Array(text.utf8))
        return FileText(decoded: Array(text.utf8), number: decoded.count - 1, place: place)
    }

    /// Whether there are texts to be forgotten.
    var isDecoding: Bool { !decoded.isEmpty }

    /// Forgets the decoded texts. None of them may be used afterwards.
    mutating func forget() { if !decoded.isEmpty { decoded.removeAll() } }

    func text(_ text: FileText) -> String {
        text.isDecoded
            ? String(decoding: decoded[text.offset], as: UTF8.self)
            : String(decoding: bytes[text.offset..<text.offset + text.count], as: UTF8.self)
    }

    /// Plain texts hold none.
    func holdsControls(_ text: FileText) -> Bool {
        text.isDecoded && decoded[text.offset].contains { $0 < 0x20 || $0 == 0x7F }
    }

    @inline(__always)
    func number(of text: FileText, in ids: inout Interner, list: Int32) -> (number: Int32, isRepeated: Bool) {
        if let found = ids.find(text.key, list: list) { return found }
        return newNumber(of: text, in: &ids, list: list)
    }

    private func newNumber(
        of text: FileText,
        in ids: inout Interner,
        list: Int32
    ) -> (number: Int32, isRepeated: Bool) {
        if text.isDecoded { return ids.number(of: text.key, in: decoded[text.offset], list: list) }
        return ids.number(of: text.key, in: bytes[text.offset..<text.offset + text.count], list: list)
    }
}

extension JSONScanner {
    /// As `string()`, without making one if the text is plain ASCII.
    @inline(__always)
    mutating func text() throws(FileFault) -> FileText {
        if let plain = plainText() { return plain }
        return try decodedText()
    }

    private mutating func decodedText() throws(FileFault) -> FileText {
        guard peek() == UInt8(ascii: "\"") else { throw fault("Expected text in quotes.") }
        let quote = offset
        return content.keep(try string(), place: quote)
    }

    /// The next value if it is a text in printable ASCII without escapes.
    @inline(__always)
    private mutating func plainText() -> FileText? {
        guard peek() == UInt8(ascii: "\""), let plain = bytes.plainText(at: offset + 1),
            bytes[plain.offset + plain.count] == UInt8(ascii: "\"")
        else { return nil }
        offset = plain.offset + plain.count + 1
        return plain
    }
}

extension FileBytes {
    /// The text from `offset`, which is after a quote, to the next byte that is a quote or a backslash, or not printable ASCII. `nil` near the end.
    @inline(__always)
    func plainText(at offset: Int) -> FileText? {
        guard let word = word(at: offset) else { return nil }
        let special = Self.special(word)
        if special != 0 {
            let length = special.trailingZeroBitCount >> 3
            let mask = length == 0 ? 0 : UInt64.max >> UInt64(64 - 8 * length)
            return FileText(
                place: offset - 1,
                offset: offset,
                count: length,
                key: .init(word: word & mask)
            )
        }
        var end = offset + 8
        while let word = self.word(at: end) {
            let special = Self.special(word)
            if special != 0 {
                end += special.trailingZeroBitCount >> 3
                let key = Interner.key(self[offset..<end])
                return FileText(place: offset - 1, offset: offset, count: end - offset, key: key)
            }
            end += 8
        }
        return nil
    }

    /// The highest bit of each byte that is a quote, a backslash, a control or not ASCII. Above the lowest such byte it
    /// may be wrong.
    @inline(__always)
    private static func special(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high = ones << 7
        func zero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & high }
        let quote = zero(word ^ ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = zero(word ^ ones &* UInt64(UInt8(ascii: "\\")))
        let delete = zero(word ^ ones &* 0x7F)
        let control = (word &- ones &* 0x20) & ~word & high
        return quote | backslash | delete | control | word & high
    }
}
