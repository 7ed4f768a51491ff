import Foundation

/// RFC 2047: words of other scripts in headers, as base64 of UTF-8.
enum EncodedWords {
    private static let frame = ("=?utf-8?B?", "?=")

    /// Words that fit on lines of 76 characters, the first behind `used` characters. No character is cut in two.
    static func encode(_ text: String, used: Int) -> [String] {
        var words: [String] = []
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let encoded = Array(String(scalar).utf8)
            if bytes.count + encoded.count > capacity(behind: words.isEmpty ? used : 1) {
                words.append(word(bytes))
                bytes = []
            }
            bytes += encoded
        }
        return words + [word(bytes)]
    }

    private static func capacity(behind used: Int) -> Int {
        (min(75, 76 - used) - frame.0.count - frame.1.count) / 4 * 3
    }

    private static func word(_ bytes: [UInt8]) -> String {
        frame.0 + Data(bytes).base64EncodedString() + frame.1
    }
}
