extension String: PostgresEncodable, PostgresDecodable {
    public static let postgresType = PostgresType.text
    public static let postgresArrayType = PostgresType.textArray

    public func encode(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: utf8)
    }

    /// Reads what is text in its binary form too; of types that are not built in, those are enums and citext.
    public init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        guard type.isText, let text = String(validating: bytes, as: UTF8.self)
        else { throw PostgresError(.decoding, message: "type \(type.rawValue) is no String") }
        self = text
    }
}

extension PostgresType {
    fileprivate var isText: Bool {
        switch self {
        case .text, .varchar, .bpchar, .name, .char, .json, .xml, .unknown: true
        default: rawValue >= Self.firstOfUsers
        }
    }
}

extension UInt8: PostgresArrayElementEncodable, PostgresArrayElementDecodable {
    public static let postgresArrayType = PostgresType.bytea

    public static func encodeArray(_ elements: [UInt8], into bytes: inout [UInt8]) {
        bytes.append(contentsOf: elements)
    }

    public static func decodeArray(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws -> [UInt8] {
        guard type == .bytea else { throw PostgresError(.decoding, message: "type \(type.rawValue) is no [UInt8]") }
        return Array(bytes)
    }
}
