import Domain
import Foundation

/// A mail that is to be sent.
struct OutgoingMail: Sendable, Identifiable {
    /// The registration or the applicant that a mail is about.
    enum Subject {}

    let id: UUID
    let content: MailContent
    let recipient: Recipient
    /// Without angle brackets.
    let messageID: String
    let createdAt: Date
    /// From 1; the one in progress counts.
    let attempts: Int
    /// W3C trace context of the message that asked for the mail.
    let traceparent: String?
}

enum OutgoingState: String, Sendable, Codable, CaseIterable { case pending, leased, sent, failed }

/// A row as staff see it.
struct OutgoingRecord: Sendable, Encodable {
    struct Addressee: Sendable, Encodable {
        let name: String
        let email: String
        let language: String
    }

    let id: ID<OutgoingMail>
    let kind: String
    let state: String
    let recipient: Addressee
    /// The registration or the applicant.
    let subject: ID<OutgoingMail.Subject>
    let messageID: String
    let attempts: Int
    /// When it is tried next; only while it is pending.
    let due: Date?
    let smtpCode: Int?
    let outcome: String?
    let createdAt: Date
    let sentAt: Date?
}

/// How many mails there are in each state.
struct OutgoingSummary: Sendable, Codable, Equatable {
    var pending = 0
    var leased = 0
    var sent = 0
    var failed = 0
}
