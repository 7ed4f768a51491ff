import Foundation

/// `GET /inbox.json`: the newest mails first; `next` is the `before` of the page that follows.
struct InboxListing: Encodable {
    struct Item: Encodable {
        let number: Int
        let sender: String
        let recipients: [String]
        let subject: String
        let messageID: String
        let receivedAt: Date
        let bytes: Int
        let connection: UUID
        let ordinal: Int
    }

    /// How many mails were ever taken.
    let count: Int
    let messages: [Item]
    let next: Int?

    init(store: MailStore, before: Int?, limit: Int, recipient: String?) {
        let mails = store.page(before: before, limit: limit + 1) { $0.isTo(recipient) }
        count = store.count
        messages = mails.prefix(limit).map { mail in
            let message = MIMEPart(mail.source[...])
            return Item(
                number: mail.number,
                sender: mail.envelope.sender,
                recipients: mail.envelope.recipients,
                subject: message.header("Subject"),
                messageID: message.header("Message-ID"),
                receivedAt: mail.receivedAt,
                bytes: mail.source.count,
                connection: mail.connection.id,
                ordinal: mail.connection.ordinal
            )
        }
        next = mails.count > limit ? messages.last?.number : nil
    }
}
