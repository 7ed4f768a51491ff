import Foundation

/// The offsets from UTC that hold in a zone around some days: as much of its history as one event needs.
struct ZoneOffsets {
    struct Change: Equatable {
        /// When the clocks change.
        let time: Date
        let from: Int
        let to: Int
        let isDaylight: Bool
    }

    /// In force at the beginning.
    let first: Int
    let isFirstDaylight: Bool
    let changes: [Change]

    init(_ zone: TimeZone, from start: Date, to end: Date) {
        let margin = 26 * 3600.0
        var time = start - margin
        first = zone.secondsFromGMT(for: time)
        isFirstDaylight = zone.isDaylightSavingTime(for: time)
        var changes: [Change] = []
        while time < end + margin {
            let next = time + 6 * 3600
            if zone.secondsFromGMT(for: time) != zone.secondsFromGMT(for: next) {
                changes.append(Self.change(zone, between: time, and: next))
            }
            time = next
        }
        self.changes = changes
    }

    /// Finds the second of the change by halving.
    private static func change(_ zone: TimeZone, between start: Date, and end: Date) -> Change {
        let from = zone.secondsFromGMT(for: start)
        var low = Int(start.timeIntervalSince1970.rounded(.down))
        var high = Int(end.timeIntervalSince1970.rounded(.up))
        while high - low > 1 {
            let middle = (low + high) / 2
            if zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(middle))) == from {
                low = middle
            } else {
                high = middle
            }
        }
        let time = Date(timeIntervalSince1970: Double(high))
        return Change(
            time: time,
            from: from,
            to: zone.secondsFromGMT(for: time),
            isDaylight: zone.isDaylightSavingTime(for: time)
        )
    }
}
