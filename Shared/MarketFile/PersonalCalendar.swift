internal import MatchingEngine

/// The meetings of one person, to be written as a calendar.
public struct PersonalCalendar: Hashable, Sendable {
    public let person: String
    public let name: String
    public let title: String
    /// Rises when the meetings are scheduled anew.
    public let revision: Int
    public let entries: [Entry]

    public struct Entry: Hashable, Sendable {
        /// 32 hexadecimal digits, the same in every schedule for the same two people, so that a calendar moves the entry
        /// when the slot changes.
        public let identity: String
        /// Seconds since 1970 in UTC.
        public let start: Int
        public let end: Int
        public let summary: String
        public let location: String
    }

    /// A name for the calendar's file: what is neither a letter of ASCII, a digit, nor one of `-._` is written as `%`
    /// and two hexadecimal digits, and so is a dot at the beginning.
    public var fileName: String {
        var name = ""
        for (index, byte) in person.utf8.enumerated() {
            switch Unicode.Scalar(byte) {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_": name.append(Character(Unicode.Scalar(byte)))
            case "." where index > 0: name.append(".")
            default: name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return name + ".ics"
    }

    /// Everybody's, in canonical order; also of those without meetings, whose calendar is empty.
    static func all(_ schedule: MeetingSchedule, of input: MeetingsInput) -> [PersonalCalendar] {
        let slots = Dictionary(uniqueKeysWithValues: input.slots.map { ($0.id, $0) })
        let people = Dictionary(uniqueKeysWithValues: (input.buyers + input.suppliers).map { ($0.id, $0) })
        var entries: [String: [Entry]] = [:]
        for meeting in schedule.meetings {
            guard let slot = slots[meeting.slot], let start = slot.start, let end = slot.end else { continue }
            for (id, other) in [(meeting.buyer, meeting.supplier), (meeting.supplier, meeting.buyer)] {
                let name = people[other].map { $0.name.isEmpty ? $0.id : $0.name } ?? other
                entries[id, default: []].append(
                    Entry(
                        identity: meeting.identity(at: input.title),
                        start: start,
                        end: end,
                        summary: input.title.isEmpty ? name : "\(name), \(input.title)",
                        location: input.place.isEmpty
                            ? "Table \(meeting.table)" : "\(input.place), table \(meeting.table)"
                    )
                )
            }
        }
        return people.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { id in
            PersonalCalendar(
                person: id,
                name: people[id]?.name ?? "",
                title: input.title,
                revision: input.revision,
                entries: (entries[id] ?? []).sorted { ($0.start, $0.identity) < ($1.start, $1.identity) }
            )
        }
    }
}
