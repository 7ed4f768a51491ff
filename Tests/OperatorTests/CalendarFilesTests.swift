import Foundation
import MarketFile
import Testing

@testable import tradewind

@Suite struct CalendarFilesTests {
    private let file = """
        { "format": "tradewind-meetings/1", "title": "Summit, 2018", "place": "Hall 2", "revision": 3,
          "slots": [ {"id": "1", "start": "2018-10-05T09:00:00+08:00", "minutes": 20} ],
          "buyers": [ {"id": "a/b", "ranking": ["s"]} ],
          "suppliers": [ {"id": "s", "name": "高雄 Sensors"}, {"id": "idle"} ] }
        """

    private func lines(_ text: String) -> [String] {
        text.replacing("\r\n ", with: "").components(separatedBy: "\r\n")
    }

    @Test func everybodyHasAFileWithTheirMeetings() throws {
        let calendars = MeetingsRun(calendars: true).schedule(FileBytes(Array(file.utf8)), file: "m").calendars
        let folder = FileManager.default.temporaryDirectory.appending(path: "calendars-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try CalendarFiles.write(calendars, to: folder.path)
        try CalendarFiles.write(calendars, to: folder.path)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["a%2Fb.ics", "idle.ics", "s.ics"])
        func content(_ name: String) throws -> [String] {
            lines(String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self))
        }
        let buyer = try content("a%2Fb.ics")
        #expect(buyer.contains("SUMMARY;LANGUAGE=en:高雄 Sensors\\, Summit\\, 2018"))
        #expect(buyer.contains("LOCATION;LANGUAGE=en:Hall 2\\, table 1"))
        #expect(buyer.contains("DTSTART;TZID=UTC:20181005T010000"))
        #expect(buyer.contains("DTEND;TZID=UTC:20181005T012000"))
        #expect(buyer.contains("SEQUENCE:3"))
        let supplier = try content("s.ics")
        #expect(supplier.first { $0.hasPrefix("UID:") } == buyer.first { $0.hasPrefix("UID:") })
        #expect(supplier.contains("SUMMARY;LANGUAGE=en:a/b\\, Summit\\, 2018"))
        let idle = try content("idle.ics")
        #expect(idle.first == "BEGIN:VCALENDAR")
        #expect(!idle.contains("BEGIN:VEVENT"))
    }

    @Test func aDirectoryThatCanNotBeMadeEndsTheCommand() throws {
        #expect(throws: (any Error).self) { try CalendarFiles.write([], to: "/dev/null/calendars") }
    }
}
