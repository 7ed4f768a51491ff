import Domain
import Foundation
import ICalendar
import Logging
import MailCatcher

@testable import Notifications

/// Runs a catcher while `body` does.
func withCatcher<Result: Sendable>(
    _ options: MailCatcher.Options = .init(),
    _ body: @Sendable (MailCatcher) async throws -> Result
) async throws -> Result {
    let catcher = try await MailCatcher(options: options, logger: quiet)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await catcher.run() }
        let result = try await body(catcher)
        group.cancelAll()
        return result
    }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension MailMessage {
    static func sample(
        name: String = "Trần Thị Ánh Nguyệt",
        to address: String = "anh.nguyet@team.example",
        subject: String = "Your place is confirmed",
        text: String = "Hello.\n.\n..dots\nEnd",
        calendar: CalendarDocument? = nil
    ) throws -> MailMessage {
        MailMessage(
            messageID: "0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e@programmes.example",
            date: Date(timeIntervalSince1970: 1_530_493_200),
            sender: Mailbox(name: "高雄市政府", address: try EmailAddress("no-reply@programmes.example")),
            recipient: Mailbox(name: name, address: try EmailAddress(address)),
            listID: "kaohsiung.programmes.example",
            listName: "高雄市政府",
            language: .english,
            subject: subject,
            text: text,
            html: "<p>Hello.</p>",
            calendar: calendar
        )
    }
}

extension SMTPEndpoint {
    /// For the catcher.
    static func local(_ catcher: MailCatcher, timeout: Duration = .seconds(60)) throws -> SMTPEndpoint {
        var endpoint = try SMTPEndpoint(url: catcher.url)
        endpoint.timeout = timeout
        return endpoint
    }
}
