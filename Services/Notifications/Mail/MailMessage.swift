import Domain
import Foundation
import ICalendar

/// A mail to one person, ready to be sent.
struct MailMessage: Sendable {
    /// Stable for each outgoing row, so that a receiver can tell a repeat: `0198…@programmes.example`.
    let messageID: String
    let date: Date
    let sender: Mailbox
    let recipient: Mailbox
    var replyTo: Mailbox?
    /// RFC 2919: `kaohsiung.programmes.example`, and the host's name.
    let listID: String
    let listName: String
    let language: LanguageTag
    let subject: String
    let text: String
    let html: String
    var calendar: CalendarDocument?
    var traceparent: String?

    /// All headers above the body, the top-level type included: libcurl would say `multipart/mixed`.
    var headers: [MailHeader] {
        var headers = [
            MailHeader("Date", token: Self.stamp(date)),
            MailHeader("Message-ID", token: "<\(messageID)>"),
            MailHeader("From", mailbox: sender),
            MailHeader("To", mailbox: recipient),
            MailHeader("Subject", text: subject),
            MailHeader("List-Id", phrase: listName, inAngles: listID),
            MailHeader("Auto-Submitted", token: "auto-generated"),
            MailHeader("Content-Language", token: language.description),
            MailHeader("MIME-Version", token: "1.0"),
            MailHeader("Content-Type", token: "multipart/alternative"),
        ]
        if let replyTo { headers.insert(MailHeader("Reply-To", mailbox: replyTo), at: 4) }
        if let traceparent { headers.append(MailHeader("X-Traceparent", token: traceparent)) }
        return headers
    }

    /// The parts in rising order of preference.
    var parts: [MailPart] {
        var parts = [
            MailPart(type: "text/plain; charset=utf-8", text: text),
            MailPart(type: "text/html; charset=utf-8", text: html),
        ]
        if let calendar {
            parts.append(
                MailPart(type: calendar.contentType, text: calendar.text())
            )
        }
        return parts
    }

    /// `Mon, 02 Jul 2018 01:00:00 +0000`
    static func stamp(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        func two(_ number: Int?) -> String { String(format: "%02d", number ?? 0) }
        let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][(parts.weekday ?? 1) - 1]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = [parts.hour, parts.minute, parts.second].map(two).joined(separator: ":")
        return "\(day), \(two(parts.day)) \(months[(parts.month ?? 1) - 1]) \(parts.year ?? 0) \(time) +0000"
    }
}

struct MailPart: Sendable {
    let type: String
    /// With CRLF line endings.
    let text: String

    init(type: String, text: String) {
        self.type = type
        self.text = text.split(omittingEmptySubsequences: false) { $0.isNewline }.joined(separator: "\r\n")
    }

    /// Quoted-printable stays readable for Latin scripts; base64 is shorter for the others.
    var encoding: String {
        let other = text.utf8.count { $0 > 127 }
        return other * 5 > text.utf8.count ? "base64" : "quoted-printable"
    }
}
