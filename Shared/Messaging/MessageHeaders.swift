import Postgres

/// The headers of a message. Most have none, and to write or read an empty object as JSON would cost more than all the
/// rest.
struct MessageHeaders: PostgresEncodable, PostgresDecodable {
    let values: [String: String]

    init(_ values: [String: String]) {
        self.values = values
    }

    static var postgresType: PostgresType { JSON<[String: String]>.postgresType }
    static var postgresArrayType: PostgresType { JSON<[String: String]>.postgresArrayType }

    func encode(into bytes: inout [UInt8]) {
        if values.isEmpty {
            bytes.append(contentsOf: [1, UInt8(ascii: "{"), UInt8(ascii: "}")])
        } else {
            JSON(values).encode(into: &bytes)
        }
    }

    /// Whoever publishes by SQL may write what is no text: a number or a truth value becomes one, as in CloudEvents, and
    /// what can't is left out. A message is not to stay for the sake of its headers.
    init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
        if let values = try? JSON<[String: String]>(postgres: bytes, type: type).value {
            self.values = values
        } else {
            let values = try? JSON<[String: LenientText]>(postgres: bytes, type: type).value
            self.values = (values ?? [:]).compactMapValues(\.text)
        }
    }

    static func decodeNull() throws -> MessageHeaders { MessageHeaders([:]) }
}

private struct LenientText: Codable {
    let text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text =
            (try? container.decode(String.self)) ?? (try? container.decode(Bool.self)).map { "\($0)" }
            ?? (try? container.decode(Int.self)).map { "\($0)" } ?? (try? container.decode(Double.self)).map { "\($0)" }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
