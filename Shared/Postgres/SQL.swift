/// A statement and its binds.
///
/// An interpolated value becomes a bind and never text; the literal parts are `StaticString`s, so a `String` made at run
/// time can't become SQL: `SQL(someString)` does not compile.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    public internal(set) var text: String
    public internal(set) var binds: [Bind]
    /// Where in `text` (UTF-8) the placeholder of each bind stands, so that a fragment can be renumbered.
    var placeholders: [Int]

    /// A value as libpq sends it: its type's OID and its binary form, `nil` for NULL.
    public struct Bind: Sendable {
        public let type: PostgresType
        public let bytes: [UInt8]?

        public init<Value: PostgresEncodable>(_ value: Value?) {
            type = Value.postgresType
            guard let value else {
                bytes = nil
                return
            }
            var encoded: [UInt8] = []
            value.encode(into: &encoded)
            bytes = encoded
        }
    }

    public init(stringLiteral value: StaticString) {
        text = value.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
        binds = []
        placeholders = []
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        binds = stringInterpolation.binds
        placeholders = stringInterpolation.placeholders
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var binds: [Bind] = []
        var placeholders: [Int] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
            binds.reserveCapacity(interpolationCount)
            placeholders.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
        }

        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value) {
            append(Bind(value))
        }

        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            append(Bind(value))
        }

        /// A part of a statement that is itself `SQL`; its binds are renumbered.
        public mutating func appendInterpolation(_ fragment: SQL) {
            let source = fragment.text.utf8
            var copied = source.startIndex
            for (index, bind) in fragment.binds.enumerated() {
                let placeholder = source.index(source.startIndex, offsetBy: fragment.placeholders[index])
                text += fragment.text[copied..<placeholder]
                append(bind)
                copied = source.index(placeholder, offsetBy: 1 + String(index + 1).utf8.count)
            }
            text += fragment.text[copied...]
        }

        /// A name, quoted as an identifier.
        public mutating func appendInterpolation(identifier: String) {
            text += quoted(identifier: identifier)
        }

        private mutating func append(_ bind: Bind) {
            binds.append(bind)
            placeholders.append(text.utf8.count)
            text += "$"
            text += String(binds.count)
        }
    }
}

/// `name` in double quotes, as an identifier. A NUL can't be part of a name: what follows it would be lost.
func quoted(identifier name: String) -> String {
    var quoted = "\""
    for character in name.unicodeScalars where character != "\0" {
        if character == "\"" { quoted += "\"\"" } else { quoted.unicodeScalars.append(character) }
    }
    return quoted + "\""
}
