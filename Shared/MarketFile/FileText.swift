internal import MatchingEngine

/// A text of a file, by the place where it stands.
struct FileText {
    /// Where it begins, with the quote if there is one.
    let place: Int
    /// Where its bytes begin.
    let offset: Int
    let count: Int
    let key: Interner.Key
    /// The bytes that were meant, where these are not what the file has.
    let decoded: [UInt8]?

    /// Bytes `offset..<offset + count` of a file, of which none needs to be looked at twice.
    init(place: Int, offset: Int, count: Int, key: Interner.Key) {
        self.place = place
        self.offset = offset
        self.count = count
        self.key = key
        decoded = nil
    }

    init(_ text: String, place: Int) {
        let bytes = Array(text.utf8)
        self.place = place
        offset = place
        count = bytes.count
        key = Interner.key(bytes)
        decoded = bytes
    }

    /// Plain texts hold none.
    var holdsControls: Bool { decoded?.contains { $0 < 0x20 || $0 == 0x7F } ?? false }

    func text(in bytes: FileBytes) -> String {
        String(decoding: decoded ?? Array(bytes[offset..<offset + count]), as: UTF8.self)
    }
}

extension Interner {
    mutating func number(of text: FileText, in bytes: FileBytes, list: Int32) -> (number: Int32, isRepeated: Bool) {
        if let decoded = text.decoded { return number(of: text.key, in: decoded, list: list) }
        return number(of: text.key, in: bytes[text.offset..<text.offset + text.count], list: list)
    }
}

extension JSONScanner {
    /// As `string()`, without making one if the text is plain ASCII.
    mutating func text() throws(FileFault) -> FileText {
        guard peek() == UInt8(ascii: "\"") else { throw fault("Expected text in quotes.") }
        let quote = offset
        if let plain = bytes.plainText(at: quote + 1), bytes[quote + 1 + plain.count] == UInt8(ascii: "\"") {
            offset = quote + plain.count + 2
            return plain
        }
        return FileText(try string(), place: quote)
    }
}

extension FileBytes {
    /// The text from `offset`, which is after a quote, to the next byte that is a quote or a backslash, or not printable ASCII. `nil` near the end.
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
                key: .init(word: word & mask, isShort: true)
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
