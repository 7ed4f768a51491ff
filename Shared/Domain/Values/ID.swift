public import Foundation
import Synchronization

/// An identifier of a `Subject`: a UUID of version 7 (RFC 9562), so that ids sort by the time they were made.
///
/// Ids are made in the application, never by the database. The type parameter keeps an event's id from being passed
/// where a registration's is wanted.
public struct ID<Subject>: Hashable, Sendable, Comparable, CustomStringConvertible, LosslessStringConvertible {
    public let uuid: UUID

    /// Makes a new id. Ids made by one process rise strictly.
    public init() {
        uuid = UUID.version7()
    }

    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Parses the usual form of a UUID, in either case. Any version is accepted.
    public init?(_ description: String) {
        guard let uuid = UUID(uuidString: description) else { return nil }
        self.uuid = uuid
    }

    /// The id in lower case, as RFC 9562 writes it.
    public var description: String {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var length = 0
                func append(_ character: UInt8) {
                    text[length] = character
                    length += 1
                }
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 { append(UInt8(ascii: "-")) }
                    append(Self.digit(byte >> 4))
                    append(Self.digit(byte & 0xf))
                }
                return length
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    public static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }
}

extension ID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "must be a UUID like 0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e"
            )
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension UUID {
    /// 48 bits of milliseconds, 12 bits that count within the millisecond, 62 random bits.
    fileprivate static func version7() -> UUID {
        let now = UInt64(max(0, Date().timeIntervalSince1970) * 1000)
        let stamp = lastStamp.withLock { last -> UInt64 in
            last = max(last + 1, now << 12)
            return last
        }
        let random = UInt64.random(in: .min ... .max)
        let high = (stamp >> 12) << 16 | 0x7000 | (stamp & 0xfff)
        let low = random & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3),
                byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            )
        )
    }
}

/// The last millisecond and count that an id was made of.
private let lastStamp = Mutex<UInt64>(0)
