import MatchingEngine
import Testing

@testable import MarketFile

@Suite struct MeetingsRunTests {
    private let file = """
        { "format": "tradewind-meetings/1",
          "title": "Summit", "place": "Hall 2", "tables": 2,
          "slots": [ {"id": "1", "start": "2018-10-05T09:00:00+08:00", "minutes": 20},
                     {"id": "2", "start": "2018-10-05T09:20:00+08:00", "minutes": 20, "tables": 1} ],
          "buyers": [ {"id": "b1", "name": "Rice, Ltd", "ranking": ["s1", ["s2"]], "available": ["1", "2"]},
                      {"id": "b 2", "ranking": ["s1"], "limit": 1} ],
          "suppliers": [ {"id": "s1", "name": "Sensors", "ranking": ["b1"]}, {"id": "s2", "refuses": ["b 2"]} ] }
        """

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func aTableASummaryAndAPlanAreWritten() {
        let (report, calendars) = MeetingsRun().schedule(FileBytes(Array(file.utf8)), file: "m.json")
        #expect(report.exitCode == 0)
        #expect(report.notes.isEmpty)
        #expect(calendars.isEmpty)
        #expect(
            text(report.output) == """
                slot  table  buyer  supplier
                1     1      b 2    s1
                1     2      b1     s2
                2     1      b1     s1

                3 meetings, 399 points; 1 of 1 mutual wishes.
                Proved: no schedule has more points.
                Checked: one meeting a person a slot, each pair once, within all limits.

                """
        )
        let plan = MeetingsRun(form: .csv).schedule(FileBytes(Array(file.utf8)), file: "m.json").report
        #expect(
            text(plan.output) == """
                slot,start,end,table,buyer,buyer_name,supplier,supplier_name
                1,2018-10-05T01:00:00Z,2018-10-05T01:20:00Z,1,b 2,,s1,Sensors
                1,2018-10-05T01:00:00Z,2018-10-05T01:20:00Z,2,b1,"Rice, Ltd",s2,
                2,2018-10-05T01:20:00Z,2018-10-05T01:40:00Z,1,b1,"Rice, Ltd",s1,Sensors

                """
        )
    }

    @Test func aScheduleIsVerifiedByTheCheckerAlone() {
        let json = MeetingsRun(form: .json).schedule(FileBytes(Array(file.utf8)), file: "m.json").report.output
        let run = MeetingsRun()
        func verify(_ schedule: String) -> MatchRun.Report {
            run.verify(
                FileBytes(Array(file.utf8)),
                file: "m.json",
                schedule: FileBytes(Array(schedule.utf8)),
                scheduleFile: "s.json"
            )
        }
        let good = verify(text(json))
        #expect(good.exitCode == 0)
        #expect(text(good.output).contains("Proved: no schedule has more points."))
        let bad = verify(text(json).replacing("\"slot\": \"2\"", with: "\"slot\": \"1\""))
        #expect(bad.exitCode == 1)
        #expect(text(bad.output).contains("b1 has two meetings in slot 1."))
        let broken = verify("{\"meetings\": [\n {\"buyer\": \"b1\"} ]}")
        #expect(broken.exitCode == 2)
        #expect(broken.notes == ["error: s.json:2:2: The key \"supplier\" is missing."])
    }

    @Test(arguments: [
        ("\"s1\", [\"s2\"]", "\"s1\", [\"s9\"]", "m.json:5:67: \"s9\" is no supplier."),
        ("09:20:00+08:00", "09:10:00+08:00", "m.json:4:14: \"2\" begins before \"1\" ends."),
        ("09:20:00+08:00", "25:20", "m.json:4:35: Expected a time such as 2018-10-05T09:00:00+08:00."),
        ("meetings/1", "market/1", "m.json:1:13: The format must be \"tradewind-meetings/1\"."),
        ("\"limit\": 1", "\"limit\": x", "m.json:6:57: Expected a value."),
    ])
    func badInputIsToldWithLineAndColumn(_ part: String, _ other: String, _ message: String) {
        let report = MeetingsRun().schedule((FileBytes(Array(file.replacing(part, with: other).utf8))), file: "m.json")
            .report
        #expect(report.exitCode == 2)
        #expect(report.output.isEmpty)
        #expect(report.notes == ["error: " + message])
    }

    @Test func unknownKeysAreWarnedOf() {
        let other = file.replacing("\"limit\": 1", with: "\"limits\": 1")
        let report = MeetingsRun().schedule(FileBytes(Array(other.utf8)), file: "m.json").report
        #expect(report.exitCode == 0)
        #expect(report.notes == ["warning: m.json:6:58: The key \"limits\" is not known and is passed over."])
    }

    @Test func everybodyGetsACalendar() throws {
        let calendars = MeetingsRun(calendars: true).schedule(FileBytes(Array(file.utf8)), file: "m.json").calendars
        #expect(calendars.map(\.fileName) == ["b%202.ics", "b1.ics", "s1.ics", "s2.ics"])
        let buyer = calendars[1]
        #expect(buyer.entries.map(\.summary) == ["s2, Summit", "Sensors, Summit"])
        #expect(buyer.entries.map(\.location) == ["Hall 2, table 2", "Hall 2, table 1"])
        #expect(buyer.entries.map(\.start) == [1_538_701_200, 1_538_702_400])
        #expect(buyer.entries[0].end == 1_538_702_400)
        // The other side has the same entry, and it keeps its identity in another schedule.
        #expect(calendars[2].entries.map(\.identity).contains(buyer.entries[1].identity))
        #expect(buyer.entries[0].identity != buyer.entries[1].identity)
        let later = file.replacing("\"available\": [\"1\", \"2\"]", with: "\"available\": [\"1\"]")
        let moved = MeetingsRun(calendars: true).schedule(FileBytes(Array(later.utf8)), file: "m.json").calendars[1]
        #expect(moved.entries.map(\.identity) == [buyer.entries[1].identity])
        let timeless = file.replacing("\"start\": \"2018-10-05T09:20:00+08:00\", ", with: "")
        let refused = MeetingsRun(calendars: true).schedule(FileBytes(Array(timeless.utf8)), file: "m.json").report
        #expect(refused.exitCode == 2)
        #expect(refused.notes == ["error: m.json: calendars need a start for each slot; \"2\" has none."])
    }

    @Test func timesAreReadAndWritten() {
        #expect(Timestamp("1970-01-01T00:00:00Z")?.seconds == 0)
        #expect(Timestamp("2000-02-29T23:59:59+00:00")?.seconds == 951_868_799)
        #expect(Timestamp("1969-12-31T23:00-01:30")?.seconds == 1800)
        for bad in ["2018-02-29T00:00:00Z", "2018-10-05", "2018-10-05T09:00:00", "2018-10-05T09:00:00Zx", ""] {
            #expect(Timestamp(bad) == nil)
        }
        var random = SeededGenerator(3)
        for _ in 0..<500 {
            let seconds = Int.random(in: -40_000_000_000...200_000_000_000, using: &random)
            #expect(Timestamp(Timestamp(seconds: seconds).description)?.seconds == seconds)
        }
    }
}
