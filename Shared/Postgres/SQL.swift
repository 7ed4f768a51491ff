/// A statement and its binds.
///
/// An interpolated value becomes a bind and never text; the literal parts are `StaticString`s, so a `String` made at run
/// time can't become SQL: `SQL(someString)` does not compile.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    public internal(set) var text: String
    public internal(set) var binds: [Bind]

    /// A value as libpq sends it: its type's OID and its binary form, `nil` for NULL.
    public struct Bind: Sendable {
        public let type: PostgresType
        public let bytes: [UInt8]?
    }

    public init(stringLiteral value: StaticString) {
        text = "\(value)"
        binds = []
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        binds = stringInterpolation.binds
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var binds: [Bind] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            text += "\(literal)"
        }

        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value) {
            fatalError("stub")
        }

        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            fatalError("stub")
        }

        /// A part of a statement that is itself `SQL`; its binds are renumbered.
        public mutating func appendInterpolation(_ fragment: SQL) {
            fatalError("stub")
        }

        /// A name, quoted as an identifier.
        public mutating func appendInterpolation(identifier: String) {
            fatalError("stub")
        }
    }
}
