/// Something wrong, or noteworthy, at one place of a market.
public struct MarketFault: Hashable, Sendable, CustomStringConvertible {
    /// The way to the place as a JSON pointer, such as `/applicants/3/ranking/0/1`.
    public let pointer: String
    public let message: String

    public init(_ pointer: String, _ message: String) {
        self.pointer = pointer
        self.message = message
    }

    public var description: String { "\(pointer): \(message)" }
}

/// Why a market was refused: every fault that was found, in the order of the input.
public struct InvalidMarket: Error, Hashable, Sendable, CustomStringConvertible {
    /// Never empty. At most `limit` are kept.
    public let faults: [MarketFault]

    public static let limit = 100

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
