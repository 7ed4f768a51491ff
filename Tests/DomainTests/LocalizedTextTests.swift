import Domain
import Foundation
import Testing

@Suite struct LocalizedTextTests {
    private func text(_ texts: [String: String]) throws -> LocalizedText {
        try JSONDecoder().decode(LocalizedText.self, from: JSONEncoder().encode(texts))
    }

    @Test(arguments: [
        ("zh-Hant-TW", "繁"), ("zh-Hant", "繁"), ("zh-TW", "中"), ("zh", "中"), ("vi-VN", "Việt"), ("fr", "English"),
        ("en-GB", "English"),
    ])
    func theNearestLanguageIsTaken(_ language: String, _ expected: String) throws {
        let localized = try text(["zh": "中", "zh-Hant": "繁", "vi": "Việt", "en": "English"])
        #expect(localized[try LanguageTag(language)] == expected)
    }

    @Test func withoutEnglishTheFirstByNameIsTaken() throws {
        #expect(try text(["vi": "Việt", "id": "Indonesia"])[.thai] == "Indonesia")
    }

    @Test func blankAndEndlessTextsAreRefused() throws {
        #expect(throws: InvalidValue.self) { try LocalizedText([:]) }
        #expect(throws: InvalidValue.self) { try LocalizedText([.english: "ok", .thai: " \n"]) }
        #expect(throws: InvalidValue.self) { try LocalizedText([.english: ""]) }
        #expect(throws: InvalidValue.self) { try LocalizedText([.english: String(repeating: "x", count: 2001)]) }
        #expect(try LocalizedText([.english: String(repeating: "x", count: 2000)])[.english].count == 2000)
    }

    @Test func theSameLanguageWrittenTwiceIsRefused() {
        let json = Data(#"{"zh-hant": "一", "zh-Hant": "二"}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(LocalizedText.self, from: json) }
    }

    @Test func unknownTagsAreRefused() {
        #expect(throws: DecodingError.self) { try text(["english": "x"]) }
    }

    @Test func itIsAnObjectInJSON() throws {
        let localized = try LocalizedText([.english: "Summit", .traditionalChinese: "高峰會"])
        let data = try JSONEncoder().encode(localized)
        #expect(
            try JSONSerialization.jsonObject(with: data) as? [String: String] == ["en": "Summit", "zh-Hant": "高峰會"]
        )
        #expect(try JSONDecoder().decode(LocalizedText.self, from: data) == localized)
    }
}
