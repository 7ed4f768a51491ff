/// Has a binary form that PostgreSQL reads.
/// Conforms here: Bool, Int16, Int32, Int64, Int (int8), Double, String (text), UUID, Date (timestamptz), [UInt8] (bytea),
/// JSON<T> (jsonb), and arrays of all of them and of their optionals.
public protocol PostgresEncodable: PostgresArrayElementEncodable {
    static var postgresType: PostgresType { get }
    func encode(into bytes: inout [UInt8])
}

/// What an array that is sent may hold. `UInt8` is no type of PostgreSQL, but an array of them is a bytea.
public protocol PostgresArrayElementEncodable: Sendable {
    static var postgresArrayType: PostgresType { get }
    static func encodeArray(_ elements: [Self], into bytes: inout [UInt8])
}

extension PostgresEncodable {
    public static func encodeArray(_ elements: [Self], into bytes: inout [UInt8]) {
        encodeElements(elements, type: postgresType, hasNulls: false, into: &bytes) { $0.encode(into: &$1) }
    }
}

extension Optional: PostgresArrayElementEncodable where Wrapped: PostgresEncodable {
    public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }

    public static func encodeArray(_ elements: [Self], into bytes: inout [UInt8]) {
        let hasNulls = elements.contains { $0 == nil }
        encodeElements(elements.map(\.self), type: Wrapped.postgresType, hasNulls: hasNulls, into: &bytes) {
            $0.encode(into: &$1)
        }
    }
}

extension Array: PostgresArrayElementEncodable, PostgresEncodable where Element: PostgresArrayElementEncodable {
    public static var postgresType: PostgresType { Element.postgresArrayType }
    /// Only an array of byteas is one of arrays; one of several dimensions has no type here and the server refuses it.
    public static var postgresArrayType: PostgresType { postgresType == .bytea ? .byteaArray : .unspecified }

    public func encode(into bytes: inout [UInt8]) {
        Element.encodeArray(self, into: &bytes)
    }
}

private func encodeElements<Value>(
    _ elements: [Value?],
    type: PostgresType,
    hasNulls: Bool,
    into bytes: inout [UInt8],
    encode: (Value, inout [UInt8]) -> Void
) {
    bytes.append(bigEndian: Int32(elements.isEmpty ? 0 : 1))
    bytes.append(bigEndian: Int32(hasNulls ? 1 : 0))
    bytes.append(bigEndian: type.rawValue)
    if elements.isEmpty { return }
    bytes.append(bigEndian: Int32(elements.count))
    bytes.append(bigEndian: Int32(1))
    for element in elements {
        let start = bytes.count
        bytes.append(bigEndian: Int32(-1))
        guard let element else { continue }
        encode(element, &bytes)
        withUnsafeBytes(of: Int32(bytes.count - start - 4).bigEndian) { length in
            for offset in 0..<4 { bytes[start + offset] = length[offset] }
        }
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
