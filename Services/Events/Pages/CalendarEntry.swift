import Domain
import Foundation

/// A confirmed registration as an iCalendar object (RFC 5545), with times in UTC.
///
/// Its UID is the registration's id alone; the entry that mails carry has the sender's domain behind it, so a calendar
/// that has both shows two.
struct CalendarEntry: Sendable {
    let text: String

    init(_ registration: RegistrationRecord, of event: EventRecord, page: String, now: Date) {
        let it = event.definition
        let language = registration.registrant.recipient.language
        let lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tradewind//Events//EN", "METHOD:PUBLISH", "BEGIN:VEVENT",
            "UID:\(registration.id)", "SEQUENCE:\(registration.version)", "DTSTAMP:\(Self.stamp(now))",
            "DTSTART:\(Self.stamp(it.startsAt))", "DTEND:\(Self.stamp(it.endsAt))",
            "SUMMARY:\(Self.escaped(it.title[language]))", "LOCATION:\(Self.escaped(it.venue[language]))",
            "URL:\(page)", "STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR",
        ]
        text = lines.map { Self.folded($0) + "\r\n" }.joined()
    }

    /// `20180702T010000Z`
    private static func stamp(_ date: Date) -> String {
        date.ISO8601Format().filter { $0 != "-" && $0 != ":" }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(",", with: "\\,")
            .replacing("\r\n", with: "\\n").replacing("\n", with: "\\n")
    }

    /// In lines of at most 75 bytes, not broken within a character.
    private static func folded(_ line: String) -> String {
        var result = ""
        var length = 0
        for scalar in line.unicodeScalars {
            let size = UTF8.width(scalar)
            if length + size > 75 {
                result += "\r\n "
                length = 1
            }
            result.unicodeScalars.append(scalar)
            length += size
        }
        return result
    }
}
