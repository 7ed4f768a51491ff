public import Foundation

/// A mail that was taken, as it came.
public struct CaughtMail: Sendable {
    /// From 1, in the order of arrival.
    public let number: Int
    public let envelope: MailEnvelope
    /// The message with CRLF line endings, dot-stuffing undone.
    public let source: [UInt8]
    public let receivedAt: Date
    public let connection: ConnectionFacts
}

/// What the client said before the message.
public struct MailEnvelope: Sendable, Equatable {
    /// Empty for the null sender.
    public var sender = ""
    public var recipients: [String] = []
    public var isSMTPUTF8 = false
    public var is8BitMIME = false
    public init() {}
}

/// How a mail came.
public struct ConnectionFacts: Sendable, Equatable {
    /// Tells connections apart.
    public var id: UUID
    /// Which message of its connection it is, from 1.
    public var ordinal = 0
    public var isTLS = false
    /// Who signed in.
    public var user: String?
}
