/// Says why a value was refused, in words that its author can act on. It never repeats the value itself.
public struct InvalidValue: Error, Hashable, Sendable, CustomStringConvertible {
    /// A whole sentence without its subject, such as "must have one @ with text on both sides".
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}

/// A value that is parsed from text once, at the edge, and carries the proof in its type from there on.
public protocol ParsedValue: Hashable, Sendable, Codable, CustomStringConvertible {
    init(_ text: String) throws(InvalidValue)
}

extension ParsedValue {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            try self.init(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.reason)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
