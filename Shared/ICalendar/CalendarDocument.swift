import CIcal
import Domain
import Foundation

/// What a calendar that reads the events should do with them (RFC 5546).
public enum CalendarMethod: String, Sendable, Codable {
    /// Sent to the attendee.
    case request = "REQUEST"
    /// Sent to the attendee, whose entries it takes back.
    case cancel = "CANCEL"
}

/// Events as a file or an attachment.
public struct CalendarDocument: Sendable {
    /// `nil` for a file that one downloads.
    public let method: CalendarMethod?
    public let events: [CalendarEvent]

    public init(_ events: [CalendarEvent], method: CalendarMethod? = nil) {
        self.events = events
        self.method = method
    }

    public var contentType: String {
        "text/calendar; charset=utf-8" + (method.map { "; method=\($0.rawValue)" } ?? "")
    }

    /// The whole VCALENDAR: lines folded, CRLF, with the time zones that its events are in.
    public func text() -> String {
        guard let calendar = CalendarComponent(ICAL_VCALENDAR_COMPONENT) else { return "" }
        calendar.add(icalproperty_new_prodid("-//Tradewind//Tradewind//EN"))
        calendar.add(icalproperty_new_version("2.0"))
        calendar.add(icalproperty_new_calscale("GREGORIAN"))
        if let method { calendar.add(icalproperty_new_method(method.value)) }
        let zones = Dictionary(grouping: events) { $0.timeZone }
        for (zone, events) in zones.sorted(by: { $0.key.description < $1.key.description }) {
            guard let first = events.map({ $0.startsAt }).min(), let last = events.map({ $0.endsAt }).max() else {
                continue
            }
            ZoneOffsets(zone.timeZone, from: first, to: last).component(of: zone)?.join(calendar)
        }
        for event in events { event.component()?.join(calendar) }
        return calendar.text
    }
}

extension CalendarMethod {
    fileprivate var value: icalproperty_method {
        switch self {
        case .request: ICAL_METHOD_REQUEST
        case .cancel: ICAL_METHOD_CANCEL
        }
    }
}

extension ZoneOffsets {
    /// The part of the zone's history that the events need, so that they are read alike where the zone is not known.
    fileprivate func component(of id: TimeZoneID) -> CalendarComponent? {
        guard let zone = CalendarComponent(ICAL_VTIMEZONE_COMPONENT) else { return nil }
        zone.add(icalproperty_new_tzid(id.description))
        let epoch = Date(timeIntervalSince1970: -Double(first))
        let beginning = Change(time: epoch, from: first, to: first, isDaylight: isFirstDaylight)
        for change in [beginning] + changes {
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
