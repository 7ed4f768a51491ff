import Domain
import Foundation
import Testing

@testable import Web

@Suite("Texts in the reader's language")
struct LanguageTests {
    @Test(
        "the header's best language that pages exist in",
        arguments: [
            (nil, "en"), ("", "en"), ("de", "en"), ("vi", "vi"), ("VI-vn", "vi"), ("zh-TW", "zh-Hant"),
            ("zh-HK,en;q=0.9", "zh-Hant"), ("zh-Hant-TW", "zh-Hant"), ("zh-CN", "zh-Hant"), ("tl", "fil"),
            ("de, th;q=0.4, ms;q=0.5", "ms"), ("en;q=0.1, es", "es"), ("id;q=0, es;q=0.1", "es"),
            ("*", "en"), ("de, *;q=0.1", "en"), ("fil;q=2, th;q=0.1", "th"), ("en-GB, vi", "en"),
            ("en;q=0,vi;q=0", "en"), ("th ; q=0.2 , vi ; q=0.3", "vi"), (";;;,,,q=", "en"),
        ]
    )
    func negotiate(header: String?, expected: String) {
        #expect(Strings.negotiate(header, default: .english).description == expected)
    }

    @Test("without a match the programme's language")
    func fallback() throws {
        #expect(Strings.negotiate("de", default: .vietnamese) == .vietnamese)
        #expect(Strings.negotiate("*", default: try LanguageTag("zh-TW")) == .traditionalChinese)
        #expect(Strings.negotiate(nil, default: try LanguageTag("de")) == .english)
    }

    private func texts(_ change: (inout [LanguageTag: [String: String]]) -> Void = { _ in }) throws -> Strings {
        var texts = Dictionary(
            uniqueKeysWithValues: LanguageTag.supported.map {
                ($0, ["hello": "\($0): {name} has {count} of {name}", "bye": "Bye"])
            }
        )
        change(&texts)
        return try Strings(texts)
    }

    @Test("placeholders are filled; what is filled in is not read again")
    func placeholders() throws {
        let strings = try texts()
        #expect(strings("hello", .thai, ["name": "{count}", "count": "2"]) == "th: {count} has 2 of {count}")
        #expect(strings("hello", .english, ["count": "2"]) == "en: {name} has 2 of {name}")
        #expect(strings("bye", try LanguageTag("zh-TW")) == "Bye")
        #expect(strings("hello", try LanguageTag("zh-TW"), ["name": "", "count": ""]) == "zh-Hant:  has  of ")
        #expect(strings("hello", try LanguageTag("de"), [:]).hasPrefix("en"))
    }

    @Test("a key or placeholder that one language lacks stops the start")
    func checked() {
        #expect(throws: Strings.Fault.self) { try texts { $0[.thai]?["bye"] = nil } }
        #expect(throws: Strings.Fault.self) { try texts { $0[.thai]?["more"] = "x" } }
        #expect(throws: Strings.Fault.self) { try texts { $0[.thai] = nil } }
        #expect(throws: Strings.Fault.self) { try texts { $0[.thai]?["bye"] = "{name}" } }
        #expect(throws: Strings.Fault.self) { try texts { $0[.thai]?["hello"] = "{name}" } }
    }

    /// 2018-09-07 09:00 in Kaohsiung.
    static let morning = Date(timeIntervalSince1970: 1_536_282_000)

    @Test(
        "dates and times as their readers write them, with the zone; the year is Gregorian, in Thai too",
        arguments: [
            ("en", "Friday, September 7, 2018 at 9:00 AM (Taipei Standard Time, UTC+8)"),
            ("zh-Hant", "2018年9月7日 星期五 上午9:00 (台北標準時間, UTC+8)"),
            ("vi", "lúc 09:00 Thứ Sáu, ngày 7 tháng 9, 2018 (Giờ Chuẩn Đài Bắc, UTC+8)"),
            ("th", "วันศุกร์ที่ 7 กันยายน 2018 เวลา 09:00 (เวลามาตรฐานไทเป, UTC+8)"),
            ("id", "Jumat, 7 September 2018 pukul 09.00 (Waktu Standar Taipei, UTC+8)"),
            ("ms", "Jumaat, 7 September 2018 pada 9:00 PG (Waktu Piawai Taipei, UTC+8)"),
            ("fil", "Biyernes, Setyembre 7, 2018 nang 9:00 AM (Standard na Oras sa Taipei, UTC+8)"),
            ("es", "viernes, 7 de septiembre de 2018, 9:00 (hora estándar de Taipéi, UTC+8)"),
        ]
    )
    func times(language: String, expected: String) throws {
        let text = LocalizedTime.dateTime(Self.morning, try TimeZoneID("Asia/Taipei"), try LanguageTag(language))
        // Narrow no-break spaces come and go between ICU's versions.
        #expect(text.replacing("\u{202f}", with: " ").replacing("\u{a0}", with: " ") == expected)
    }

    @Test("an interval names its day once")
    func intervals() throws {
        let zone = try TimeZoneID("Asia/Taipei")
        let oneDay = LocalizedTime.interval(from: Self.morning, to: Self.morning + 5400, zone, .english)
        #expect(oneDay.ranges(of: "2018").count == 1 && oneDay.contains("10:30"))
        let twoDays = LocalizedTime.interval(from: Self.morning, to: Self.morning + 86400, zone, .english)
        #expect(twoDays.ranges(of: "2018").count == 2 && twoDays.contains("September 8"))
        // 23:30 to 00:30 in Taipei is one day in UTC.
        let night = Self.morning + 14.5 * 3600
        #expect(LocalizedTime.interval(from: night, to: night + 3600, zone, .english).ranges(of: "2018").count == 2)
    }

    @Test(
        "the distance from UTC is that of the day",
        arguments: [
            ("America/New_York", "UTC−4"), ("Asia/Kolkata", "UTC+5:30"), ("UTC", "(UTC)"), ("Europe/Berlin", "UTC+2"),
            ("America/St_Johns", "UTC−2:30"), ("Pacific/Chatham", "UTC+12:45"),
        ]
    )
    func distances(zone: String, expected: String) throws {
        let text = LocalizedTime.dateTime(Self.morning, try TimeZoneID(zone), .english)
        #expect(text.contains(expected), "\(text)")
    }
}
