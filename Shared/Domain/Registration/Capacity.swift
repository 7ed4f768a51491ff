/// How many registrations of an event can have a place.
public struct Capacity: Hashable, Sendable, Codable, CustomStringConvertible {
    public let count: Int

    public init(_ count: Int) throws(InvalidValue) {
        guard (1...1_000_000).contains(count) else { throw InvalidValue("must be from 1 to 1000000") }
        self.count = count
    }

    public var description: String { "\(count)" }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let count = try container.decode(Int.self)
        do {
            try self.init(count)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.reason)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(count)
    }
}
