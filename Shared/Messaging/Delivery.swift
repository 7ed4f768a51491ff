public import Domain
public import Foundation

/// A message's envelope (CloudEvents attributes) and which attempt this is.
public struct Delivery: Sendable {
    public let id: UUID
    public let type: String
    let topic: Topic
    public let time: Date
    public let subject: String
    public let tenant: TenantID
    /// W3C trace context of the publisher.
    public let traceparent: String?
    /// From 1.
    public let attempt: Int

    public var source: String { "/tradewind/\(topic.rawValue)" }
}
