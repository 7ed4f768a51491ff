public import Foundation

/// A time as the clocks of some place show it, to the minute, such as `2018-07-02T09:00`. It becomes a moment only
/// together with a time zone.
public struct LocalTime: ParsedValue {
    public let description: String
    /// The moment at which the clocks of UTC show this time.
    private let inUTC: Date

    public init(_ text: String) throws(InvalidValue) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(0 as Int?) { value, byte in
                guard let value, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                return value * 10 + Int(byte - UInt8(ascii: "0"))
            }
        }
        guard bytes.count == 16, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16)
        else { throw InvalidValue("must be a local time such as 2018-07-02T09:00") }
        guard (2000...2199).contains(year) else { throw InvalidValue("must be in the years 2000 to 2199") }
        guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day), hour < 24, minute < 60
        else { throw InvalidValue("must be a time that exists in the calendar") }
        description = text
        let seconds = (Self.daysBefore(year, month, day) * 24 + hour) * 60 + minute
        inUTC = Date(timeIntervalSince1970: Double(seconds * 60))
    }

    /// What the clocks of `zone` show at `moment`, without its seconds.
    public init(_ moment: Date, in zone: TimeZoneID) {
        let offset = Double(zone.timeZone.secondsFromGMT(for: moment))
        let minutes = (moment.timeIntervalSince1970 + offset) / 60
        inUTC = Date(timeIntervalSince1970: minutes.rounded(.down) * 60)
        description = String(inUTC.ISO8601Format().prefix(16))
    }

    /// The moment at which the clocks of `zone` show this time: the earlier one if they show it twice, because they
    /// are set back. Throws if they never show it, because they are set forward over it.
    public func moment(in zone: TimeZoneID) throws(InvalidValue) -> Date {
        let zone = zone.timeZone
        // No offset changes by more than a day, and no zone changes it twice within two.
        let offsets = [-36, 36].map { zone.secondsFromGMT(for: inUTC + Double($0 * 3600)) }
        let moments = offsets.map { inUTC - Double($0) }.filter { zone.secondsFromGMT(for: $0) == offset(to: $0) }
        if let first = moments.min() { return first }
        let skipped = offsets[1] - offsets[0]
        let later = LocalTime(shifted: inUTC + Double(skipped)).description
        let earlier = LocalTime(shifted: inUTC - Double(skipped)).description
        throw InvalidValue(
            "does not exist in \(zone.identifier): the clocks are set forward over it. Write \(later) or \(earlier)"
        )
    }

    private init(shifted inUTC: Date) {
        self.inUTC = inUTC
        description = String(inUTC.ISO8601Format().prefix(16))
    }

    private func offset(to moment: Date) -> Int { Int(inUTC.timeIntervalSince(moment)) }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the Gregorian calendar.
    private static func daysBefore(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let years = month > 2 ? year : year - 1
        let century = years / 100
        return years * 365 + years / 4 - century + century / 4 + ((month + 9) % 12 * 153 + 2) / 5 + day - 719_469
    }
}
