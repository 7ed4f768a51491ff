/// A type of PostgreSQL by its OID.
public struct PostgresType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// Has a binary form that PostgreSQL reads.
/// Conforms here: Bool, Int16, Int32, Int64, Int (int8), Double, String (text), UUID, Date (timestamptz), [UInt8] (bytea),
/// JSON<T> (jsonb), and arrays of all of them but [UInt8].
public protocol PostgresEncodable: Sendable {
    static var postgresType: PostgresType { get }
    static var postgresArrayType: PostgresType { get }
    func encode(into bytes: inout [UInt8])
}

/// Is read from PostgreSQL's binary form.
public protocol PostgresDecodable: Sendable {
    init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws
    /// What NULL becomes; throws unless the type is an optional.
    static func decodeNull() throws -> Self
}

/// A jsonb value.
public struct JSON<Value: Codable & Sendable>: Sendable {
    public let value: Value
    public init(_ value: Value) { self.value = value }
}

/// One row of a result, in binary form.
public struct Row: Sendable {
    /// Decodes all columns from left to right: `let (id, name) = try row.decode(UUID.self, String?.self)`.
    /// Throws `PostgresError` with the column's name if the count, a type or a NULL does not fit.
    public func decode<each Value: PostgresDecodable>(_ types: repeat (each Value).Type) throws -> (repeat each Value) {
        fatalError("stub")
    }

    /// Decodes one column by its name.
    public func decode<Value: PostgresDecodable>(_ type: Value.Type, column: String) throws -> Value {
        fatalError("stub")
    }
}
