import Foundation

/// RFC 2047: words of other scripts in headers.
enum EncodedWords {
    static func decode(_ value: String) -> String {
        var result = ""
        var rest = Substring(value)
        var followsWord = false
        while let start = rest.range(of: "=?") {
            let before = rest[..<start.lowerBound]
            guard let (data, charset, end) = word(rest[start.upperBound...]) else {
                result += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                followsWord = false
                continue
            }
            // White space between two encoded words belongs to neither.
            if !(followsWord && before.allSatisfy(\.isWhitespace)) { result += before }
            result += string(data, charset: charset)
            rest = rest[end...]
            followsWord = true
        }
        return result + rest
    }

    static func string(_ data: Data, charset: String) -> String {
        charset.lowercased() == "iso-8859-1"
            ? String(data: data, encoding: .isoLatin1) ?? "" : String(decoding: data, as: UTF8.self)
    }

    /// `utf-8?B?…?=` and what follows it.
    private static func word(_ text: Substring) -> (Data, charset: String, end: Substring.Index)? {
        let fields = text.split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, fields[3].first == "=" else { return nil }
        let data: Data? =
            switch fields[1].uppercased() {
            case "B": Data(base64Encoded: String(fields[2]))
            case "Q": Data(QuotedPrintable.decode(fields[2].replacing("_", with: " ").utf8))
            default: nil
            }
        guard let data else { return nil }
        return (data, String(fields[0]), fields[3].index(after: fields[3].startIndex))
    }
}

enum QuotedPrintable {
    static func decode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                result.append(byte)
                continue
            }
            let pair = rest.prefix(2)
            rest = rest.dropFirst(2)
            // "=" at the end of a line joins it with the next.
            if let value = UInt8(String(decoding: pair, as: UTF8.self), radix: 16) { result.append(value) }
        }
        return result
    }
}
