import ArgumentParser
import Domain
import Foundation
import ICalendar
import MarketFile

/// Calendars as files of a directory, one for each person. Times are in UTC.
enum CalendarFiles {
    /// Makes the directory if need be; files that are there are replaced, others are left alone.
    static func write(_ calendars: [PersonalCalendar], to directory: String) throws {
        let folder = URL(filePath: directory)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for calendar in calendars {
                let file = folder.appending(path: calendar.fileName)
                try Data(try text(calendar).utf8).write(to: file, options: .atomic)
            }
        } catch {
            try FileHandle.standardError.write(contentsOf: Data("error: can't write into \(directory)\n".utf8))
            throw ExitCode(1)
        }
    }

    static func text(_ calendar: PersonalCalendar) throws -> String {
        let zone = try TimeZoneID("UTC")
        // A calendar that was made again of the same file is the same to the byte.
        let stamp = Date(timeIntervalSince1970: Double(calendar.entries.first?.start ?? 0))
        let events = try calendar.entries.compactMap { entry in
            try uuid(entry.identity).map { uid in
                CalendarEvent(
                    uid: uid,
                    sequence: calendar.revision,
                    stamp: stamp,
                    startsAt: Date(timeIntervalSince1970: Double(entry.start)),
                    endsAt: Date(timeIntervalSince1970: Double(entry.end)),
                    timeZone: zone,
                    summary: try LocalizedText([.english: entry.summary]),
                    location: try LocalizedText([.english: entry.location]),
                    language: .english
                )
            }
        }
        return CalendarDocument(events).text()
    }

    /// A UUID of version 8 (RFC 9562), whose meaning is the application's own.
    private static func uuid(_ digits: String) -> UUID? {
        var digits = Array(digits)
        guard digits.count == 32 else { return nil }
        digits[12] = "8"
        digits[16] = "8"
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return UUID(uuidString: groups.joined(separator: "-"))
    }
}
