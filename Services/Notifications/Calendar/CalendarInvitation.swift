import CIcal
import Domain
import Foundation

/// RFC 5546: a place at an event is given, or taken back.
enum CalendarMethod: String, Sendable, Codable {
    case request = "REQUEST"
    case cancel = "CANCEL"
}

/// The calendar entry of one registration (RFC 5545, 6047).
struct CalendarInvitation: Sendable {
    let method: CalendarMethod
    /// Stable for the registration: `<registration>@<domain>`.
    let uid: String
    /// Rises with each change.
    let sequence: Int
    let stamp: Date
    let startsAt: Date
    let endsAt: Date
    let timeZone: TimeZoneID
    let summary: String
    let location: String
    let url: String
    let organizer: Mailbox
    let attendee: Mailbox
    let language: LanguageTag

    /// The whole VCALENDAR.
    func text() -> String {
        guard let calendar = CalendarComponent(ICAL_VCALENDAR_COMPONENT), let event = event(), let zone = zone() else {
            return ""
        }
        calendar.add(icalproperty_new_prodid("-//Tradewind//Notifications//EN"))
        calendar.add(icalproperty_new_version("2.0"))
        calendar.add(icalproperty_new_calscale("GREGORIAN"))
        calendar.add(icalproperty_new_method(method == .request ? ICAL_METHOD_REQUEST : ICAL_METHOD_CANCEL))
        zone.join(calendar)
        event.join(calendar)
        return calendar.text
    }

    private func event() -> CalendarComponent? {
        guard let event = CalendarComponent(ICAL_VEVENT_COMPONENT) else { return nil }
        let zone = timeZone.timeZone
        event.add(icalproperty_new_uid(uid))
        event.add(icalproperty_new_sequence(Int32(clamping: sequence)))
        event.add(icalproperty_new_dtstamp(CalendarTime.utc(stamp)))
        event.add(icalproperty_new_dtstart(CalendarTime.local(startsAt, zone)), tzid)
        event.add(icalproperty_new_dtend(CalendarTime.local(endsAt, zone)), tzid)
        event.add(icalproperty_new_summary(summary.calendarText), icalparameter_new_language(language.description))
        event.add(icalproperty_new_location(location.calendarText), icalparameter_new_language(language.description))
        event.add(icalproperty_new_url(url))
        event.add(icalproperty_new_status(method == .request ? ICAL_STATUS_CONFIRMED : ICAL_STATUS_CANCELLED))
        event.add(icalproperty_new_transp(ICAL_TRANSP_OPAQUE))
        event.add(icalproperty_new_organizer(organizer.uri), organizer.commonName)
        // Whoever has registered has said yes.
        event.add(
            icalproperty_new_attendee(attendee.uri),
            attendee.commonName,
            icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT),
            icalparameter_new_partstat(method == .request ? ICAL_PARTSTAT_ACCEPTED : ICAL_PARTSTAT_DECLINED),
            icalparameter_new_rsvp(ICAL_RSVP_FALSE)
        )
        return event
    }

    private var tzid: OpaquePointer? { icalparameter_new_tzid(timeZone.description) }

    /// The part of the zone's history that the event needs, so that it is read alike where the zone is not known.
    private func zone() -> CalendarComponent? {
        guard let zone = CalendarComponent(ICAL_VTIMEZONE_COMPONENT) else { return nil }
        zone.add(icalproperty_new_tzid(timeZone.description))
        let offsets = ZoneOffsets(timeZone.timeZone, from: startsAt, to: endsAt)
        let epoch = Date(timeIntervalSince1970: -Double(offsets.first))
        let first = ZoneOffsets.Change(
            time: epoch,
            from: offsets.first,
            to: offsets.first,
            isDaylight: offsets.isFirstDaylight
        )
        for change in [first] + offsets.changes {
            let kind = change.isDaylight ? ICAL_XDAYLIGHT_COMPONENT : ICAL_XSTANDARD_COMPONENT
            guard let observance = CalendarComponent(kind) else { return nil }
            let before = TimeZone(secondsFromGMT: change.from) ?? .gmt
            observance.add(icalproperty_new_dtstart(CalendarTime.local(change.time, before)))
            observance.add(icalproperty_new_tzoffsetfrom(Int32(change.from)))
            observance.add(icalproperty_new_tzoffsetto(Int32(change.to)))
            observance.join(zone)
        }
        return zone
    }
}

extension Mailbox {
    fileprivate var uri: String {
        let allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\0"..."\u{7f}"))
            .union(CharacterSet(charactersIn: "-._~!$'*+=@"))
        return "mailto:" + (address.description.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
    }

    /// A parameter's value can't hold a double quote.
    fileprivate var commonName: OpaquePointer? {
        icalparameter_new_cn((name ?? address.description).calendarText.replacing("\"", with: "'"))
    }
}

extension String {
    /// One line without control characters.
    fileprivate var calendarText: String { withoutControls }
}
