public import struct Foundation.Date
public import struct Foundation.UUID
public import typealias Foundation.uuid_t

extension UUID: PostgresEncodable, PostgresDecodable {
    public static let postgresType = PostgresType.uuid
    public static let postgresArrayType = PostgresType.uuidArray

    public func encode(into bytes: inout [UInt8]) {
        withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
    }

    public init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        try Self.expect(type, .uuid)
        var reader = BinaryReader(bytes)
        self.init(uuid: try reader.bytes(16).loadUnaligned(as: uuid_t.self))
    }
}

/// A timestamptz, to the microsecond. `infinity` is `distantFuture`, `-infinity` is `distantPast`.
extension Date: PostgresEncodable, PostgresDecodable {
    public static let postgresType = PostgresType.timestamptz
    public static let postgresArrayType = PostgresType.timestamptzArray
    /// From PostgreSQL's epoch, 2000-01-01, to Foundation's, 2001-01-01.
    private static let secondsBetweenEpochs = 31_622_400.0

    public func encode(into bytes: inout [UInt8]) {
        let microseconds = ((timeIntervalSinceReferenceDate + Self.secondsBetweenEpochs) * 1_000_000).rounded()
        if self >= .distantFuture {
            bytes.append(bigEndian: Int64.max)
        } else if self <= .distantPast {
            bytes.append(bigEndian: Int64.min)
        } else {
            bytes.append(bigEndian: Int64(exactly: microseconds) ?? .max)
        }
    }

    public init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        try Self.expect(type, .timestamptz)
        var reader = BinaryReader(bytes)
        switch try reader.read(Int64.self) {
        case .max: self = .distantFuture
        case .min: self = .distantPast
        case let microseconds:
            self.init(timeIntervalSinceReferenceDate: Double(microseconds) / 1_000_000 - Self.secondsBetweenEpochs)
        }
    }
}
