public import Foundation

/// When people can register: from `opens` on, until just before `closes`. Without an end it is open on that side.
public struct RegistrationWindow: Hashable, Sendable {
    public let opens: Date?
    public let closes: Date?

    public init(opens: Date? = nil, closes: Date? = nil) {
        self.opens = opens
        self.closes = closes
    }

    public func check(at time: Date) throws(RegistrationRefusal) {
        if let opens, time < opens { throw .notOpenYet }
        if let closes, time >= closes { throw .closed }
    }
}
