import Foundation
import Testing

@testable import MailCatcher

/// The mails that people got, as they find them in their mailboxes.
struct PostBox: Sendable {
    struct Mail: Sendable {
        let language: String
        /// The personal page that it leads to.
        let link: String
    }

    let catcher: MailCatcher

    /// The last of so many mails to one address, once they are there. A repeat, which SMTP may bring, is the same mail.
    func last(to address: String, of count: Int) async throws -> Mail {
        var caught: [CaughtMail] = []
        try await eventually("\(count) mails to one person") {
            var known: Set<String> = []
            caught = catcher.messages.all.filter { $0.isTo(address) && known.insert($0.messageID).inserted }
            return caught.count >= count
        }
        #expect(caught.count == count)
        let message = MIMEPart(try #require(caught.last).source[...])
        let text = try #require(message.first("text/plain")).text
        return Mail(
            language: message.header("Content-Language"),
            link: String(try #require(text.firstMatch(of: /https:\S+\/matchmaking\/l\/\S+/)).output)
        )
    }
}
