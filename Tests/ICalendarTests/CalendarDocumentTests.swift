import CIcal
import Domain
import Foundation
import Testing

@testable import ICalendar

@Suite struct CalendarDocumentTests {
    private static let id = "0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e"

    private func event(
        start: String = "2018-07-02T01:00:00Z",
        end: String = "2018-07-03T09:30:00Z",
        zone: String = "Asia/Taipei",
        summary: String = "2018 APEC O2O Summit, 高雄; day 1"
    ) throws -> CalendarEvent {
        var event = CalendarEvent(
            uid: try #require(UUID(uuidString: Self.id)),
            sequence: 3,
            stamp: try Date("2018-06-01T00:00:00Z", strategy: .iso8601),
            startsAt: try Date(start, strategy: .iso8601),
            endsAt: try Date(end, strategy: .iso8601),
            timeZone: try TimeZoneID(zone),
            summary: try LocalizedText([.english: summary]),
            location: try LocalizedText([.english: "Hall 2", .traditionalChinese: "高雄展覽館\nHall 2"]),
            language: .traditionalChinese
        )
        event.url = "https://programmes.example/events/kaohsiung/o2o-summit-2018"
        event.organizer = .init(name: "高雄市政府", address: try EmailAddress("no-reply@programmes.example"))
        event.attendee = .init(name: "Ann \"Q\" Lee; x:y", address: try EmailAddress("ann+o2o@team.example"))
        return event
    }

    @Test func aRequestIsReadBackWhole() throws {
        let event = try ParsedEvent(CalendarDocument([try event()], method: .request).text())
        #expect(event.method == ICAL_METHOD_REQUEST)
        #expect(event.uid == Self.id)
        #expect(event.sequence == 3)
        #expect(event.status == ICAL_STATUS_CONFIRMED)
        #expect(event.summary == "2018 APEC O2O Summit, 高雄; day 1")
        #expect(event.location == "高雄展覽館 Hall 2")
        #expect(event.zone == "Asia/Taipei")
        #expect(event.start == (try Date("2018-07-02T01:00:00Z", strategy: .iso8601)))
        #expect(event.end == (try Date("2018-07-03T09:30:00Z", strategy: .iso8601)))
        #expect(event.attendee == "mailto:ann+o2o@team.example")
        #expect(event.organizer == "mailto:no-reply@programmes.example")
    }

    @Test func aCancellationWithdrawsTheSameEntry() throws {
        var cancelled = try event()
        cancelled.status = .cancelled
        let event = try ParsedEvent(CalendarDocument([cancelled], method: .cancel).text())
        #expect(event.method == ICAL_METHOD_CANCEL)
        #expect(event.status == ICAL_STATUS_CANCELLED)
        #expect(event.uid == Self.id)
    }

    @Test func linesAreFoldedAndEndWithCRLF() throws {
        let text = CalendarDocument([try event(summary: String(repeating: "高雄 summit ", count: 20))]).text()
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 75 && !$0.contains("\n") })
        #expect(lines.contains { $0.hasPrefix("DTSTART;TZID=Asia/Taipei:20180702T090000") })
        #expect(lines.contains("DTSTAMP:20180601T000000Z"))
        #expect(lines.contains { $0.hasPrefix("SUMMARY;LANGUAGE=en:") })
        #expect(lines.contains { $0.hasPrefix("LOCATION;LANGUAGE=zh-Hant:") })
    }

    /// Events over a change of the clocks, south and north, half hours, and a zone that has none: the instants that
    /// another program computes from the entry's own VTIMEZONE are those of the event.
    @Test(
        arguments: [
            ("America/Santiago", "2019-09-07T12:00:00Z", "2019-09-09T20:00:00Z"),
            ("America/Santiago", "2019-04-06T12:00:00Z", "2019-04-08T20:00:00Z"),
            ("Europe/Lisbon", "2019-10-26T22:30:00Z", "2019-10-27T03:30:00Z"),
            ("Australia/Lord_Howe", "2019-10-05T10:00:00Z", "2019-10-06T10:00:00Z"),
            ("Asia/Kathmandu", "2019-10-05T10:00:00Z", "2019-10-06T10:00:00Z"),
            ("America/New_York", "2019-07-01T13:00:00Z", "2019-07-01T21:00:00Z"),
            ("UTC", "2019-07-01T13:00:00Z", "2019-07-01T21:00:00Z"),
        ]
    )
    func timesHoldInEveryZone(_ zone: String, _ start: String, _ end: String) throws {
        let event = try ParsedEvent(
            CalendarDocument([try self.event(start: start, end: end, zone: zone)], method: .request).text()
        )
        #expect(event.zone == zone)
        #expect(event.start == (try Date(start, strategy: .iso8601)))
        #expect(event.end == (try Date(end, strategy: .iso8601)))
    }

    @Test func eventsOfOneZoneShareItsDefinition() throws {
        let santiago = ("2019-04-06T12:00:00Z", "2019-09-09T20:00:00Z")
        let text = CalendarDocument([
            try event(), try event(start: "2018-07-04T01:00:00Z", end: "2018-07-04T02:00:00Z"),
            try event(start: santiago.0, end: santiago.1, zone: "America/Santiago"),
        ]
        ).text()
        #expect(text.components(separatedBy: "BEGIN:VEVENT").count == 4)
        #expect(text.components(separatedBy: "BEGIN:VTIMEZONE").count == 3)
        let calendar = try #require(icalparser_parse_string(text))
        defer { icalcomponent_free(calendar) }
        #expect(icalcomponent_count_errors(calendar) == 0)
        #expect(!text.contains("METHOD"))
    }

    @Test func theSecondOfAChangeIsFound() throws {
        let zone = try #require(TimeZone(identifier: "America/Santiago"))
        let day = try Date("2019-09-08T12:00:00Z", strategy: .iso8601)
        let offsets = ZoneOffsets(zone, from: day, to: day)
        #expect(offsets.first == -4 * 3600)
        let change = try #require(offsets.changes.first)
        #expect(change.time == (try Date("2019-09-08T04:00:00Z", strategy: .iso8601)))
        #expect((change.from, change.to) == (-4 * 3600, -3 * 3600))
        #expect(change.isDaylight)
    }
}

/// An entry as libical reads it, its times computed with the VTIMEZONE that came along.
private struct ParsedEvent {
    let method: icalproperty_method
    let uid, summary, location, zone, attendee, organizer: String
    let sequence: Int32
    let status: icalproperty_status
    let start, end: Date

    init(_ text: String) throws {
        let calendar = try #require(icalparser_parse_string(text))
        defer { icalcomponent_free(calendar) }
        #expect(icalrestriction_check(calendar) == 1)
        #expect(icalcomponent_count_errors(calendar) == 0)
        let event = try #require(icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT))
        let zoneComponent = try #require(icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT))
        let zone = icaltimezone_new()
        defer { icaltimezone_free(zone, 1) }
        #expect(icaltimezone_set_component(zone, icalcomponent_new_clone(zoneComponent)) == 1)
        func time(_ kind: icalproperty_kind) throws -> Date {
            let property = try #require(icalcomponent_get_first_property(event, kind))
            let time =
                kind == ICAL_DTSTART_PROPERTY ? icalproperty_get_dtstart(property) : icalproperty_get_dtend(property)
            return Date(timeIntervalSince1970: Double(icaltime_as_timet_with_zone(time, zone)))
        }
        func string(_ kind: icalproperty_kind) throws -> String {
            let property = try #require(icalcomponent_get_first_property(event, kind))
            return String(cString: try #require(icalproperty_get_value_as_string(property)))
        }
        method = icalcomponent_get_method(calendar)
        status = icalcomponent_get_status(event)
        sequence = icalcomponent_get_sequence(event)
        uid = String(cString: try #require(icalcomponent_get_uid(event)))
        summary = String(cString: try #require(icalcomponent_get_summary(event)))
        location = String(cString: try #require(icalcomponent_get_location(event)))
        self.zone = String(cString: try #require(icaltimezone_get_tzid(zone)))
        attendee = try string(ICAL_ATTENDEE_PROPERTY)
        organizer = try string(ICAL_ORGANIZER_PROPERTY)
        start = try time(ICAL_DTSTART_PROPERTY)
        end = try time(ICAL_DTEND_PROPERTY)
    }
}
