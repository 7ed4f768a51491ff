import Domain
import Foundation
import Testing

@Suite struct LocalTimeTests {
    @Test(arguments: [
        ("2018-07-02T09:00", "Asia/Taipei", "2018-07-02T01:00:00Z"),
        ("2019-09-02T09:00", "America/Santiago", "2019-09-02T13:00:00Z"),
        ("2019-09-09T09:00", "America/Santiago", "2019-09-09T12:00:00Z"),
        ("2024-02-29T00:00", "UTC", "2024-02-29T00:00:00Z"),
        ("2100-12-31T23:59", "Asia/Kathmandu", "2100-12-31T18:14:00Z"),
        // Twice, since the clocks are set back: the earlier.
        ("2024-11-03T01:30", "America/New_York", "2024-11-03T05:30:00Z"),
        ("2024-11-03T02:00", "America/New_York", "2024-11-03T07:00:00Z"),
        // Half an hour's daylight saving.
        ("2024-04-07T01:45", "Australia/Lord_Howe", "2024-04-06T14:45:00Z"),
    ])
    func aTimeInAZoneIsAMoment(text: String, zone: String, moment: String) throws {
        let zone = try TimeZoneID(zone)
        let expected = try Date(moment, strategy: .iso8601)
        #expect(try LocalTime(text).moment(in: zone) == expected)
        #expect(LocalTime(expected, in: zone).description == text)
        #expect(LocalTime(expected + 59, in: zone).description == text)
    }

    @Test(arguments: [
        ("2024-03-10T02:30", "America/New_York", "Write 2024-03-10T03:30 or 2024-03-10T01:30"),
        ("2024-03-10T02:00", "America/New_York", "Write 2024-03-10T03:00 or 2024-03-10T01:00"),
        ("2024-03-31T02:59", "Europe/Berlin", "Write 2024-03-31T03:59 or 2024-03-31T01:59"),
        ("2024-10-06T02:15", "Australia/Lord_Howe", "Write 2024-10-06T02:45 or 2024-10-06T01:45"),
        // A whole day that was left out.
        ("2011-12-30T12:00", "Pacific/Apia", "Write 2011-12-31T12:00 or 2011-12-29T12:00"),
    ])
    func aTimeThatIsSkippedIsRefusedWithWhatToWrite(text: String, zone: String, mend: String) throws {
        let time = try LocalTime(text)
        let zone = try TimeZoneID(zone)
        let error = #expect(throws: InvalidValue.self) { try time.moment(in: zone) }
        #expect(error?.reason.hasSuffix(mend) == true)
    }

    @Test func theEdgesOfTheSkippedHourExist() throws {
        let zone = try TimeZoneID("America/New_York")
        #expect(try LocalTime("2024-03-10T01:59").moment(in: zone) == Date("2024-03-10T06:59:00Z", strategy: .iso8601))
        #expect(try LocalTime("2024-03-10T03:00").moment(in: zone) == Date("2024-03-10T07:00:00Z", strategy: .iso8601))
    }

    @Test(arguments: [
        "", "2018-07-02", "2018-07-02T09:00:00", "2018-07-02T09:00Z", "2018-07-02 09:00", "2018-13-01T00:00",
        "2018-00-01T00:00", "2018-02-29T00:00", "2100-02-29T00:00", "2018-04-31T00:00", "2018-07-00T00:00",
        "2018-07-02T24:00", "2018-07-02T09:60", "1999-12-31T23:59", "2200-01-01T00:00", "２018-07-02T09:00",
        "+018-07-02T09:00", "2018-07-02T-1:00",
    ])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(throws: InvalidValue.self) { try LocalTime(text) }
    }

    @Test(arguments: ["a", "o2o-summit-2018", "2018", String(repeating: "a", count: 64)])
    func slugs(text: String) throws {
        #expect(try Slug(text).description == text)
    }

    @Test(arguments: ["", "-a", "a-", "A", "a_b", "a b", "é", "a/b", "..", String(repeating: "a", count: 65)])
    func whatIsNoSlugIsRefused(text: String) {
        #expect(throws: InvalidValue.self) { try Slug(text) }
    }
}
