/// An integer that is sent as it is wide and read from any of int2, int4, int8 and oid that holds a value which fits.
protocol PostgresInteger: FixedWidthInteger, PostgresEncodable, PostgresDecodable {}

extension PostgresInteger {
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: self)
    }

    public init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        var reader = BinaryReader(bytes)
        let value: Int64 =
            switch type {
            case .int8: try reader.read(Int64.self)
            case .int4: Int64(try reader.read(Int32.self))
            case .int2: Int64(try reader.read(Int16.self))
            case .oid: Int64(try reader.read(UInt32.self))
            default: throw PostgresError(.decoding, message: "type \(type.rawValue) is no \(Self.self)")
            }
        guard let fitting = Self(exactly: value) else {
            throw PostgresError(.decoding, message: "too large for \(Self.self)")
        }
        self = fitting
    }
}

extension Int16: PostgresInteger {
    public static let postgresType = PostgresType.int2
    public static let postgresArrayType = PostgresType.int2Array
}

extension Int32: PostgresInteger {
    public static let postgresType = PostgresType.int4
    public static let postgresArrayType = PostgresType.int4Array
}

extension Int64: PostgresInteger {
    public static let postgresType = PostgresType.int8
    public static let postgresArrayType = PostgresType.int8Array
}

extension Int: PostgresInteger {
    public static let postgresType = PostgresType.int8
    public static let postgresArrayType = PostgresType.int8Array
}

extension Double: PostgresEncodable, PostgresDecodable {
    public static let postgresType = PostgresType.float8
    public static let postgresArrayType = PostgresType.float8Array

    public func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: bitPattern)
    }

    public init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        try Self.expect(type, .float8, or: .float4)
        var reader = BinaryReader(bytes)
        self =
            if type == .float8 {
                Double(bitPattern: try reader.read())
            } else {
                Double(Float(bitPattern: try reader.read()))
            }
    }
}

extension Bool: PostgresEncodable, PostgresDecodable {
    public static let postgresType = PostgresType.bool
    public static let postgresArrayType = PostgresType.boolArray

    public func encode(into bytes: inout [UInt8]) {
        bytes.append(self ? 1 : 0)
    }

    public init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        try Self.expect(type, .bool)
        var reader = BinaryReader(bytes)
        self = try reader.read(UInt8.self) != 0
    }
}
