import Foundation

/// A jsonb value; read from a json too. Dates are ISO 8601 in UTC to the microsecond.
public struct JSON<Value: Codable & Sendable>: Sendable {
    public let value: Value
    public init(_ value: Value) { self.value = value }
}

extension JSON: Equatable where Value: Equatable {}

extension JSON: PostgresEncodable, PostgresDecodable {
    public static var postgresType: PostgresType { .jsonb }
    public static var postgresArrayType: PostgresType { .jsonbArray }

    /// A value that has no JSON form (a `Double` that is no number) is sent as an empty text, which the server refuses
    /// with `22P02`.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(1)
        appendJSON(of: value, to: &bytes)
    }

    public init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        try Self.expect(type, .jsonb, or: .json)
        value = try decode(Value.self, from: Data(text(of: bytes, type)))
    }

    /// The values of one column of several rows, none of them NULL. They are decoded as one array: much of what it costs
    /// to decode a small value is spent before its first byte is read.
    public static func values(of rows: some Sequence<Row>, at column: Int) throws -> [Value] {
        var array = Array("[".utf8)
        for row in rows {
            let (bytes, type) = row.result.field(row: row.index, column: column)
            guard let bytes else { throw PostgresError(.decoding, message: "NULL is no \(Value.self)") }
            try Self.expect(type, .jsonb, or: .json)
            if array.count > 1 { array.append(UInt8(ascii: ",")) }
            array.append(contentsOf: text(of: bytes, type))
        }
        array.append(UInt8(ascii: "]"))
        return try decode([Value].self, from: Data(array))
    }
}

/// A value that is sent as json, which the server checks and keeps as it is: cheaper to write and to read than jsonb
/// where no statement looks into it.
public struct JSONText<Value: Encodable & Sendable>: PostgresEncodable {
    public let value: Value
    public init(_ value: Value) { self.value = value }

    public static var postgresType: PostgresType { .json }
    public static var postgresArrayType: PostgresType { .jsonArray }

    public func encode(into bytes: inout [UInt8]) { appendJSON(of: value, to: &bytes) }
}

private func appendJSON(of value: some Encodable, to bytes: inout [UInt8]) {
    if let data = try? Coders.encoder.encode(value) { bytes.append(contentsOf: data) }
}

/// A jsonb begins with the version of its form.
private func text(of bytes: UnsafeRawBufferPointer, _ type: PostgresType) -> UnsafeRawBufferPointer {
    type == .jsonb ? UnsafeRawBufferPointer(rebasing: bytes.dropFirst()) : bytes
}

private func decode<Value: Decodable>(_ type: Value.Type, from text: Data) throws -> Value {
    do {
        return try Coders.decoder.decode(type, from: text)
    } catch {
        throw PostgresError(.decoding, message: "JSON that is no \(type)", detail: String(reflecting: error))
    }
}

/// Made once: they are not changed afterwards, and may be used on several threads at once.
private enum Coders {
    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.text(of: date))
        }
        return encoder
    }()

    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = Timestamp.date(from: try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no ISO 8601 date")
            }
            return date
        }
        return decoder
    }()
}

/// A date as text: `2026-05-01T09:30:00.000000Z`.
private enum Timestamp {
    static func text(of date: Date) -> String {
        let microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
        let (seconds, fraction) = microseconds.quotientAndRemainderFloored(by: 1_000_000)
        let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        let digits = String(fraction)
        return whole.dropLast() + "." + String(repeating: "0", count: 6 - digits.count) + digits + "Z"
    }

    static func date(from text: String) -> Date? {
        guard let point = text.firstIndex(of: ".") else { return try? Date(text, strategy: .iso8601) }
        let end = text[point...].dropFirst().firstIndex { !$0.isASCII || !$0.isNumber } ?? text.endIndex
        guard let whole = try? Date(text[..<point] + text[end...], strategy: .iso8601),
            let fraction = Double("0" + text[point..<end])
        else { return nil }
        return whole.addingTimeInterval(fraction)
    }
}

extension Int64 {
    fileprivate func quotientAndRemainderFloored(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
