/// An instant as RFC 3339 writes it, to the second.
public struct Timestamp: Hashable, Sendable, CustomStringConvertible {
    /// Since 1970 in UTC.
    public let seconds: Int

    public init(seconds: Int) {
        self.seconds = seconds
    }

    /// `2018-10-05T09:00:00+08:00`, `2018-10-05T01:00:00Z`, or without seconds. `nil` for anything else.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        func number(_ digits: Int, _ range: ClosedRange<Int>, before mark: String = "") -> Int? {
            let part = rest.prefix(digits)
            guard part.count == digits, part.allSatisfy({ (48...57).contains($0) }) else { return nil }
            let value = part.reduce(0) { $0 * 10 + Int($1) - 48 }
            rest = rest.dropFirst(digits)
            guard range.contains(value), rest.starts(with: mark.utf8) else { return nil }
            rest = rest.dropFirst(mark.utf8.count)
            return value
        }
        guard let year = number(4, 1...9999, before: "-"), let month = number(2, 1...12, before: "-"),
            let day = number(2, 1...Self.days(in: month, of: year), before: "T"),
            let hour = number(2, 0...23, before: ":"), let minute = number(2, 0...59)
        else { return nil }
        var second = 0
        if rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            guard let value = number(2, 0...59) else { return nil }
            second = value
        }
        var offset = 0
        guard let zone = rest.popFirst() else { return nil }
        switch Unicode.Scalar(zone) {
        case "Z": break
        case "+", "-":
            guard let hours = number(2, 0...23, before: ":"), let minutes = number(2, 0...59) else { return nil }
            offset = (hours * 60 + minutes) * (zone == UInt8(ascii: "+") ? 60 : -60)
        default: return nil
        }
        guard rest.isEmpty else { return nil }
        seconds = Self.day(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
    }

    /// `2018-10-05T01:00:00Z`
    public var description: String {
        let day = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let (year, month, date) = Self.date(day)
        let clock = seconds - day * 86400
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let years = String(repeating: "0", count: max(0, 4 - "\(year)".count)) + "\(year)"
        return "\(years)-\(two(month))-\(two(date))T\(two(clock / 3600)):\(two(clock / 60 % 60)):\(two(clock % 60))Z"
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Days since 1970, counted from the first of March so that the leap day is a year's last.
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let years = month > 2 ? year : year - 1
        let months = (month + 9) % 12
        return years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 1 - 719_468
    }

    private static func date(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let since = day + 719_468
        var year = since * 400 / 146_097 + 1
        func start(_ year: Int) -> Int { year * 365 + year / 4 - year / 100 + year / 400 }
        while start(year) > since { year -= 1 }
        let inYear = since - start(year)
        let months = (inYear * 5 + 2) / 153
        let month = (months + 2) % 12 + 1
        return (month > 2 ? year : year + 1, month, inYear - (months * 153 + 2) / 5 + 1)
    }
}
