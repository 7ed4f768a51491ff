public import Foundation

/// An IANA time zone that this machine knows, such as `Asia/Taipei`.
public struct TimeZoneID: ParsedValue {
    public let description: String

    public init(_ text: String) throws(InvalidValue) {
        guard text == "UTC" || text.contains("/"), TimeZone(identifier: text) != nil else {
            throw InvalidValue("must be an IANA time zone such as Asia/Taipei")
        }
        description = text
    }

    public var timeZone: TimeZone { TimeZone(identifier: description) ?? .gmt }
}
