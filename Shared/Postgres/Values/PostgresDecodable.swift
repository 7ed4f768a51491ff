/// Is read from PostgreSQL's binary form.
public protocol PostgresDecodable: PostgresArrayElementDecodable {
    init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws
    /// What NULL becomes; throws unless the type is an optional.
    static func decodeNull() throws -> Self
}

/// What an array that is read may hold. `UInt8` is no type of PostgreSQL, but a bytea is an array of them.
public protocol PostgresArrayElementDecodable: Sendable {
    static func decodeArray(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws -> [Self]
}

extension PostgresDecodable {
    public static func decodeNull() throws -> Self {
        throw PostgresError(.decoding, message: "NULL is no \(Self.self)")
    }

    public static func decodeArray(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws -> [Self] {
        var reader = BinaryReader(bytes)
        let dimensions: Int32 = try reader.read()
        let _: Int32 = try reader.read()
        let element = PostgresType(rawValue: try reader.read())
        if dimensions == 0 { return [] }
        guard dimensions == 1 else { throw PostgresError(.decoding, message: "an array of \(dimensions) dimensions") }
        let count: Int32 = try reader.read()
        let _: Int32 = try reader.read()
        guard count >= 0, Int(count) * 4 <= bytes.count else { throw BinaryReader.malformed }
        return try (0..<count).map { _ in
            let length: Int32 = try reader.read()
            if length < 0 { return try decodeNull() }
            return try Self(postgres: reader.bytes(Int(length)), type: element)
        }
    }
}

extension Optional: PostgresArrayElementDecodable, PostgresDecodable where Wrapped: PostgresDecodable {
    public init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        self = try Wrapped(postgres: bytes, type: type)
    }

    public static func decodeNull() throws -> Self { nil }
}

extension Array: PostgresArrayElementDecodable, PostgresDecodable where Element: PostgresArrayElementDecodable {
    public init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        self = try Element.decodeArray(postgres: bytes, type: type)
    }
}

/// Reads big-endian integers and runs of bytes from left to right.
struct BinaryReader {
    static let malformed = PostgresError(.decoding, message: "malformed value")
    private var rest: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes[...]
    }

    mutating func read<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws -> Value {
        let size = MemoryLayout<Value>.size
        return Value(bigEndian: try bytes(size).loadUnaligned(as: Value.self))
    }

    mutating func bytes(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= rest.count else { throw Self.malformed }
        defer { rest = rest.dropFirst(count) }
        return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
    }
}

extension PostgresDecodable {
    /// Reads a value whose type must be `expected` or the `other`.
    static func expect(_ type: PostgresType, _ expected: PostgresType, or other: PostgresType? = nil) throws {
        guard type == expected || type == other else {
            throw PostgresError(.decoding, message: "type \(type.rawValue) is no \(Self.self)")
        }
    }
}
