import Domain
import Foundation
import HTTPTypes
import ServiceKit

/// An event as staff send it. What JSON alone can't say is checked by `definition()`.
struct EventBody: ClosedBody {
    let slug: Slug
    let kind: EventKind
    let title: LocalizedText
    let venue: LocalizedText
    let description: LocalizedText?
    let startsAt: LocalTime
    let endsAt: LocalTime
    let timeZone: TimeZoneID
    let capacity: Capacity
    let registrationOpensAt: LocalTime?
    let registrationClosesAt: LocalTime?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case slug, kind, title, venue, description, startsAt, endsAt, timeZone, capacity, registrationOpensAt
        case registrationClosesAt
    }

    /// Throws a 422 problem that names each invalid field.
    func definition() throws(Problem) -> EventDefinition {
        var errors = Self.line(title, "/title") + Self.line(venue, "/venue")
        func moment(_ time: LocalTime, _ pointer: String) -> Date? {
            do {
                return try time.moment(in: timeZone)
            } catch {
                errors.append(Problem.FieldError(pointer, error.reason))
                return nil
            }
        }
        let starts = moment(startsAt, "/startsAt")
        let ends = moment(endsAt, "/endsAt")
        let opens = registrationOpensAt.flatMap { moment($0, "/registrationOpensAt") }
        let closes = registrationClosesAt.flatMap { moment($0, "/registrationClosesAt") }
        if let starts, let ends, ends <= starts || ends > starts + 366 * 86_400 {
            errors.append(Problem.FieldError("/endsAt", "must be after startsAt, by at most 366 days"))
        }
        if let opens, let closes, closes <= opens {
            errors.append(Problem.FieldError("/registrationClosesAt", "must be after registrationOpensAt"))
        }
        guard errors.isEmpty, let starts, let ends else {
            throw Problem(
                .unprocessableContent,
                type: "invalid",
                title: "The request has invalid fields",
                errors: errors
            )
        }
        return EventDefinition(
            slug: slug,
            kind: kind,
            title: title,
            venue: venue,
            description: description,
            startsAt: starts,
            endsAt: ends,
            timeZone: timeZone,
            window: RegistrationWindow(opens: opens, closes: closes),
            capacity: capacity
        )
    }

    /// Titles and venues are headlines and subjects of mails: one line, not too long.
    private static func line(_ text: LocalizedText, _ pointer: String) -> [Problem.FieldError] {
        text.texts.sorted { $0.key.description < $1.key.description }.compactMap { language, text in
            guard text.unicodeScalars.count > 200 || text.contains(where: \.isNewline) || text.contains("\t") else {
                return nil
            }
            return Problem.FieldError("\(pointer)/\(language)", "must be one line of at most 200 characters")
        }
    }
}
