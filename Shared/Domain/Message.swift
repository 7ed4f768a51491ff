/// Something that happened in one service and that others may act on.
///
/// Each message has a file of its own in `Messages/`. A message carries what its receivers need and no more: personal
/// data only where a receiver has to address a person.
public protocol Message: Codable, Sendable {
    /// The CloudEvents `type`: a dotted name with its major version at the end, such as `registration.confirmed.v1`.
    static var type: String { get }

    /// The service that publishes it.
    static var topic: Topic { get }

    /// Messages of one key are handled in the order of their commits. The CloudEvents `subject`.
    var key: String { get }
}

/// A stream of messages. Each service owns one.
public struct Topic: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let events = Topic(rawValue: "events")
    public static let matchmaking = Topic(rawValue: "matchmaking")
    public static let notifications = Topic(rawValue: "notifications")
}
