public import Domain
public import Foundation

/// Dates and times as a reader of `language` writes them, in the venue's zone with its name and distance from UTC.
///
/// Years are Gregorian in every language, also in Thai, whose usual calendar counts 543 more: programmes cross
/// borders, and a deadline must not be read as another year.
public struct LocalizedTime: Sendable {
    public static func dateTime(_ date: Date, _ zone: TimeZoneID, _ language: LanguageTag) -> String {
        let style = style(zone, language).weekday(.wide).day().month(.wide).year().hour().minute()
        return "\(style.format(date)) (\(name(of: zone, at: date, language)))"
    }

    /// One day's interval names the day once.
    public static func interval(from start: Date, to end: Date, _ zone: TimeZoneID, _ language: LanguageTag) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone.timeZone
        let first = style(zone, language).weekday(.wide).day().month(.wide).year().hour().minute()
        let last = calendar.isDate(start, inSameDayAs: end) ? style(zone, language).hour().minute() : first
        return "\(first.format(start)) – \(last.format(end)) (\(name(of: zone, at: start, language)))"
    }

    private static func style(_ zone: TimeZoneID, _ language: LanguageTag) -> Date.FormatStyle {
        Date.FormatStyle(
            locale: Locale(identifier: language.description),
            calendar: Calendar(identifier: .gregorian),
            timeZone: zone.timeZone
        )
    }

    private static func name(of zone: TimeZoneID, at date: Date, _ language: LanguageTag) -> String {
        let minutes = zone.timeZone.secondsFromGMT(for: date) / 60
        let distance = minutes < 0 ? -minutes : minutes
        let rest = distance % 60 == 0 ? "" : ":" + (distance % 60 < 10 ? "0" : "") + "\(distance % 60)"
        let offset = minutes == 0 ? "UTC" : "UTC\(minutes < 0 ? "−" : "+")\(distance / 60)\(rest)"
        let locale = Locale(identifier: language.description)
        let style: TimeZone.NameStyle = zone.timeZone.isDaylightSavingTime(for: date) ? .daylightSaving : .standard
        guard let name = zone.timeZone.localizedName(for: style, locale: locale), !name.isEmpty, minutes != 0 else {
            return offset
        }
        return "\(name), \(offset)"
    }
}
