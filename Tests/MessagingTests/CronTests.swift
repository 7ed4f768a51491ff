import Domain
import Foundation
import Testing

@testable import Messaging

@Suite struct CronTests {
    @Test func fieldsAreSetsOfNumbers() throws {
        let cron = try CronExpression(" */20 9-17/4,23\t1,15 jan,Mar-may  mon-fri ")
        #expect(cron.minutes == [0, 20, 40])
        #expect(cron.hours == [9, 13, 17, 23])
        #expect(cron.daysOfMonth == [1, 15])
        #expect(cron.months == [1, 3, 4, 5])
        #expect(cron.daysOfWeek == [1, 2, 3, 4, 5])
        #expect(cron.description == "*/20 9-17/4,23 1,15 jan,Mar-may mon-fri")
        #expect(try CronExpression("0 0 * * sat-sun").daysOfWeek == [6, 0])
        #expect(try CronExpression("0 0 * * 7").daysOfWeek == [0])
        #expect(try CronExpression("0 0 * * sun-tue").daysOfWeek == [0, 1, 2])
        #expect(try CronExpression("0 0 * * *").daysOfWeek == [0, 1, 2, 3, 4, 5, 6])
    }

    @Test(arguments: [
        ("* * * *", "must have 5 fields (minute hour day-of-month month day-of-week), and has 4"),
        ("@daily", "must have 5 fields (minute hour day-of-month month day-of-week), and has 1"),
        ("60 * * * *", "column 1: the minute must be from 0 to 59"),
        ("0 24 * * *", "column 3: the hour must be from 0 to 23"),
        ("0 0  32 * *", "column 6: the day of the month must be from 1 to 31"),
        ("0 0 1 foo *", "column 7: the month must be from 1 to 12, or a name such as feb"),
        ("0 0 1 1 mon,tuesday", "column 13: the day of the week must be from 0 to 7, or a name such as mon"),
        ("0 17-9 * * *", "column 3: the range runs backwards"),
        ("0 0 * * fri-mon", "column 9: the range runs backwards"),
        ("5/10 * * * *", "column 1: a step needs a range or * before it"),
        ("*/0 * * * *", "column 3: the step must be a number from 1 to 60"),
        ("*/x * * * *", "column 3: the step must be a number from 1 to 60"),
        ("*/2/3 * * * *", "column 5: a second step"),
        ("1-2-3 * * * *", "column 5: a range has two ends"),
        ("1,,2 * * * *", "column 3: the minute must be from 0 to 59"),
        ("-1 * * * *", "column 1: the minute must be from 0 to 59"),
        ("+1 * * * *", "column 1: the minute must be from 0 to 59"),
        ("٣ * * * *", "column 1: the minute must be from 0 to 59"),
        ("0 0 31 2,4 *", "column 5: none of these months has a day 31"),
    ])
    func whatCannotBeReadIsPointedAt(_ text: String, _ reason: String) {
        #expect(throws: InvalidValue(reason)) { try CronExpression(text) }
    }

    private func times(_ text: String, _ zone: String, after start: String, _ count: Int) throws -> [String] {
        let (cron, zone) = (try CronExpression(text), try TimeZoneID(zone))
        var moment = try Date(start, strategy: .iso8601)
        return try (0..<count).map { _ in
            moment = try #require(cron.next(after: moment, in: zone))
            return String(moment.ISO8601Format().prefix(16))
        }
    }

    @Test func eitherDayWillDoWhereBothAreGiven() throws {
        let either = try times("0 12 13 * fri", "UTC", after: "2026-11-01T00:00:00Z", 5)
        #expect(
            either == [
                "2026-11-06T12:00", "2026-11-13T12:00", "2026-11-20T12:00", "2026-11-27T12:00", "2026-12-04T12:00",
            ]
        )
        let both = try times("0 12 13 * */5", "UTC", after: "2026-11-01T00:00:00Z", 2)
        #expect(both == ["2026-11-13T12:00", "2026-12-13T12:00"])
    }

    @Test func rareDaysAreFound() throws {
        #expect(try times("0 0 29 2 *", "UTC", after: "2096-03-01T00:00:00Z", 1) == ["2104-02-29T00:00"])
        #expect(
            try times("59 23 31 12 *", "Asia/Taipei", after: "2026-12-31T15:59:00Z", 1) == ["2027-12-31T15:59"]
        )
        #expect(try times("0 0 1 1 *", "UTC", after: "2025-12-31T23:59:59Z", 1) == ["2026-01-01T00:00"])
        #expect(try times("0 0 1 1 *", "UTC", after: "1960-06-01T00:00:00Z", 1) == ["1961-01-01T00:00"])
    }

    /// On 4 April 2026 at 24:00 the clocks of Santiago are set back to 23:00, from UTC-3 to UTC-4.
    @Test func whatTheClocksShowTwiceIsDueOnce() throws {
        let start = "2026-04-04T12:00:00Z"
        let nightly = try times("30 23 * * *", "America/Santiago", after: start, 3)
        #expect(nightly == ["2026-04-05T02:30", "2026-04-06T03:30", "2026-04-07T03:30"])
        let midnight = try times("0 0 * * *", "America/Santiago", after: start, 2)
        #expect(midnight == ["2026-04-05T04:00", "2026-04-06T04:00"])
        // Asked in the hour that comes twice.
        #expect(
            try times("*/20 23 * * *", "America/Santiago", after: "2026-04-05T03:10:00Z", 1) == ["2026-04-06T03:00"]
        )
        // By the hour: the real ones.
        let hourly = try times("15 * * * *", "America/Santiago", after: "2026-04-05T01:30:00Z", 3)
        #expect(hourly == ["2026-04-05T02:15", "2026-04-05T03:15", "2026-04-05T04:15"])
    }

    /// On 5 September 2026 at 24:00 they are set forward to 01:00 of the 6th, from UTC-4 to UTC-3.
    @Test func whatTheClocksLeaveOutIsDueWhenTheyAreSetForward() throws {
        let start = "2026-09-05T12:00:00Z"
        let midnight = try times("0 0 * * *", "America/Santiago", after: start, 3)
        #expect(midnight == ["2026-09-06T04:00", "2026-09-07T03:00", "2026-09-08T03:00"])
        let early = try times("30 0 * * *", "America/Santiago", after: start, 2)
        #expect(early == ["2026-09-06T04:00", "2026-09-07T03:30"])
        // Two times that fall together are due together.
        let twice = try times("0,30 0-1 * * *", "America/Santiago", after: start, 3)
        #expect(twice == ["2026-09-06T04:00", "2026-09-06T04:30", "2026-09-07T03:00"])
        let hourly = try times("15 * * * *", "America/Santiago", after: "2026-09-06T02:30:00Z", 3)
        #expect(hourly == ["2026-09-06T03:15", "2026-09-06T04:15", "2026-09-06T05:15"])
    }

    /// Against a walk minute by minute along the clocks themselves.
    @Test(arguments: [
        ("America/Santiago", "2026-04-04T00:00:00Z"), ("America/Santiago", "2026-09-05T00:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T00:00:00Z"), ("Australia/Lord_Howe", "2026-10-03T00:00:00Z"),
        ("Europe/Berlin", "2026-03-28T12:00:00Z"), ("Europe/Berlin", "2026-10-24T12:00:00Z"),
        ("Asia/Taipei", "2026-01-01T00:00:00Z"), ("Pacific/Apia", "2011-12-29T00:00:00Z"),
    ])
    func theWalkAlongTheClocksAgrees(_ zone: String, _ start: String) throws {
        let zoneID = try TimeZoneID(zone)
        let start = try Date(start, strategy: .iso8601)
        let clocks = Clocks(zone: zoneID.timeZone, start: start, minutes: 3 * 24 * 60)
        let cases: [(String, minutes: Set<Int>, hours: Set<Int>)] = [
            ("*/15 * * * *", [0, 15, 30, 45], Set(0...23)), ("7 * * * *", [7], Set(0...23)),
            ("0 0 * * *", [0], [0]), ("0,30,59 0,23 * * *", [0, 30, 59], [0, 23]),
            ("10-20 1-3 * * *", Set(10...20), [1, 2, 3]), ("5 */2 * * *", [5], Set(stride(from: 0, to: 24, by: 2))),
        ]
        for (text, minutes, hours) in cases {
            let cron = try CronExpression(text)
            var found: [Date] = []
            var moment = start - 1
            while let next = cron.next(after: moment, in: zoneID), next < start + 2 * 86_400 {
                found.append(next)
                moment = next
            }
            let expected = clocks.due(minutes, hours).filter { $0 < start + 2 * 86_400 }
            #expect(found == expected, "\(text) in \(zone)")
            #expect(!expected.isEmpty)
        }
    }
}

/// What the clocks of a place show, minute by minute.
private struct Clocks {
    let shown: [(moment: Date, wall: Date)]

    init(zone: TimeZone, start: Date, minutes: Int) {
        var local = Calendar(identifier: .gregorian)
        local.timeZone = zone
        var plain = local
        plain.timeZone = .gmt
        shown = (0..<minutes).compactMap { minute in
            let moment = start + Double(minute) * 60
            let parts = local.dateComponents([.year, .month, .day, .hour, .minute], from: moment)
            return plain.date(from: parts).map { (moment, $0) }
        }
    }

    func due(_ minutes: Set<Int>, _ hours: Set<Int>) -> [Date] {
        func matches(_ wall: Date) -> Bool {
            let minute = Int(wall.timeIntervalSince1970 / 60)
            return minutes.contains(minute % 60) && hours.contains(minute / 60 % 24)
        }
        if hours.count == 24 { return shown.filter { matches($0.wall) }.map(\.moment) }
        guard let first = shown.first?.wall, let last = shown.last?.wall else { return [] }
        let walls = stride(from: first, through: last, by: 60).filter(matches)
        let moments = walls.compactMap { wall in shown.first { $0.wall >= wall }?.moment }
        return Set(moments).sorted()
    }
}
