public import Domain
import Foundation

/// When something is due again and again: five fields, `minute hour day-of-month month day-of-week`, as in crontab(5).
///
/// A field is `*`, a number, a name (`jan`…`dec`, `sun`…`sat`), a range `9-17`, a step over a range `*/15` or `0-30/10`,
/// or a list of these. Sunday is 0 or 7. Where both days are given (neither begins with `*`), either will do.
public struct CronExpression: ParsedValue {
    /// With single spaces.
    public let description: String
    let minutes, hours, daysOfMonth, months, daysOfWeek: Set<Int>
    let isEitherDay: Bool

    /// Throws with the column, from 1, of what can't be read.
    public init(_ text: String) throws(InvalidValue) {
        let words = CronWord.words(of: text)
        guard words.count == 5 else {
            throw InvalidValue(
                "must have 5 fields (minute hour day-of-month month day-of-week), and has \(words.count)"
            )
        }
        minutes = try CronField.minute.parse(words[0])
        hours = try CronField.hour.parse(words[1])
        daysOfMonth = try CronField.dayOfMonth.parse(words[2])
        months = try CronField.month.parse(words[3])
        daysOfWeek = Set(try CronField.dayOfWeek.parse(words[4]).map { $0 % 7 })
        isEitherDay = !words[2].isStarred && !words[4].isStarred
        description = words.map(\.text).joined(separator: " ")
        let longest = months.map { $0 == 2 ? 29 : [4, 6, 9, 11].contains($0) ? 30 : 31 }.max() ?? 31
        if !isEitherDay, let first = daysOfMonth.min(), first > longest {
            throw InvalidValue("column \(words[2].column): none of these months has a day \(first)")
        }
    }

    /// Runs with the clocks of the real hours, whatever those on the wall are set to.
    var isOfEveryHour: Bool { hours.count == 24 }

    /// The first minute at or after `minute` that the expression names, both counted from 1970 as a wall shows them.
    /// The rarest comes within 40 years: a 29 February that must fall on a day of the week, around 2100.
    func firstMatch(from minute: Int) -> Int? {
        var (day, rest) = minute.quotientAndRemainder(flooringBy: 24 * 60)
        for _ in 0...366 * 40 {
            if matches(day: day), let found = firstMinute(from: rest) { return day * 24 * 60 + found }
            (day, rest) = (day + 1, 0)
        }
        return nil
    }

    private func firstMinute(from start: Int) -> Int? {
        (start..<24 * 60).first { hours.contains($0 / 60) && minutes.contains($0 % 60) }
    }

    private func matches(day: Int) -> Bool {
        let date = Date(timeIntervalSince1970: Double(day) * 86_400)
        let parts = Self.calendar.dateComponents([.month, .day, .weekday], from: date)
        guard let month = parts.month, months.contains(month), let number = parts.day, let weekday = parts.weekday
        else { return false }
        let (isDay, isWeekday) = (daysOfMonth.contains(number), daysOfWeek.contains(weekday - 1))
        return isEitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    private static let calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()
}

extension Int {
    func quotientAndRemainder(flooringBy divisor: Int) -> (Int, Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
