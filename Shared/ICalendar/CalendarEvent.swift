import CIcal
public import Domain
public import Foundation

/// What a person has to come to, for the calendar that the person keeps (RFC 5545).
public struct CalendarEvent: Sendable {
    public enum Status: Sendable {
        case confirmed, cancelled
    }

    /// Who calls the event, or comes to it.
    public struct Person: Sendable {
        public let name: String?
        public let address: EmailAddress

        public init(name: String?, address: EmailAddress) {
            self.name = name
            self.address = address
        }
    }

    /// Stable, so that a calendar which gets the event twice shows it once: as RFC 7986 wants it, a UUID and no more.
    public let uid: UUID
    /// Rises with each change.
    public let sequence: Int
    public let stamp: Date
    public let startsAt: Date
    public let endsAt: Date
    public let timeZone: TimeZoneID
    public let summary: LocalizedText
    public let location: LocalizedText
    /// The reader's.
    public let language: LanguageTag
    public var status = Status.confirmed
    public var url: String?
    public var organizer: Person?
    /// Whoever is named here has said yes.
    public var attendee: Person?

    public init(
        uid: UUID,
        sequence: Int = 0,
        stamp: Date,
        startsAt: Date,
        endsAt: Date,
        timeZone: TimeZoneID,
        summary: LocalizedText,
        location: LocalizedText,
        language: LanguageTag
    ) {
        self.uid = uid
        self.sequence = sequence
        self.stamp = stamp
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.timeZone = timeZone
        self.summary = summary
        self.location = location
        self.language = language
    }

    func component() -> CalendarComponent? {
        guard let event = CalendarComponent(ICAL_VEVENT_COMPONENT) else { return nil }
        let zone = timeZone.timeZone
        event.add(icalproperty_new_uid(uid.uuidString.lowercased()))
        event.add(icalproperty_new_sequence(Int32(clamping: sequence)))
        event.add(icalproperty_new_dtstamp(CalendarTime.utc(stamp)))
        event.add(icalproperty_new_dtstart(CalendarTime.local(startsAt, zone)), tzid)
        event.add(icalproperty_new_dtend(CalendarTime.local(endsAt, zone)), tzid)
        let (summary, location) = (summary.nearest(to: language), location.nearest(to: language))
        event.add(icalproperty_new_summary(summary.text.calendarText), summary.language.parameter)
        event.add(icalproperty_new_location(location.text.calendarText), location.language.parameter)
        if let url { event.add(icalproperty_new_url(url)) }
        event.add(icalproperty_new_status(status == .confirmed ? ICAL_STATUS_CONFIRMED : ICAL_STATUS_CANCELLED))
        event.add(icalproperty_new_transp(ICAL_TRANSP_OPAQUE))
        if let organizer { event.add(icalproperty_new_organizer(organizer.uri), organizer.commonName) }
        if let attendee {
            event.add(
                icalproperty_new_attendee(attendee.uri),
                attendee.commonName,
                icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT),
                icalparameter_new_partstat(status == .confirmed ? ICAL_PARTSTAT_ACCEPTED : ICAL_PARTSTAT_DECLINED),
                icalparameter_new_rsvp(ICAL_RSVP_FALSE)
            )
        }
        return event
    }

    private var tzid: OpaquePointer? { icalparameter_new_tzid(timeZone.description) }
}

extension CalendarEvent.Person {
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

extension LanguageTag {
    fileprivate var parameter: OpaquePointer? { icalparameter_new_language(description) }
}

extension String {
    /// One line without control characters.
    fileprivate var calendarText: String { withoutControls }
}
