import Domain
import Foundation
import Testing

@Suite struct EmailAddressTests {
    @Test(arguments: [
        "an@example.com", "a.b+tag@mail.example.co.uk", "o'neil@example.org", "!#$%&'*+-/=?^_`{|}~@example.com",
        "用戶@例子.台灣", "nguyễn@example.vn", "x@xn--fsqu00a.xn--kpry57d", "a@b.c1",
        String(repeating: "l", count: 64) + "@example.com",
    ])
    func realAddressesArePassed(_ text: String) throws {
        #expect(try EmailAddress(text).description == text)
    }

    @Test(arguments: [
        "", "@", "a", "a@", "@b.c", "a@b", "a@@b.c", "a b@c.de", " a@b.cd", "a@b.cd ", ".a@b.cd", "a.@b.cd",
        "a..b@c.de",
        "a@b..cd", "a@.b.cd", "a@b.cd.", "a@-b.cd", "a@b-.cd", "a@192.168.0.1", "a@[192.168.0.1]", "\"a\"@b.cd",
        "a@b_c.de",
        "a\n@b.cd", "a@b.cd\r\nBcc: x@y.zz", "a\0@b.cd", "a@b\u{200B}c.de", "a\u{202E}@b.cd", "a(comment)@b.cd",
        "a,b@c.de",
        "a;b@c.de", "<a@b.cd>", "a@b.cd,c@d.ef", "a\\@b.cd", "a\u{3000}@b.cd",
        String(repeating: "l", count: 65) + "@example.com",
        "a@" + String(repeating: "d", count: 64) + ".com",
        "a@" + Array(repeating: "ddd", count: 64).joined(separator: ".") + ".com",
    ])
    func whatOnlyLooksLikeOneIsRefused(_ text: String) {
        #expect(throws: InvalidValue.self) { try EmailAddress(text) }
    }

    @Test func theDomainIsFoldedAndTheLocalPartIsNot() throws {
        #expect(try EmailAddress("An.Tran@Example.COM").description == "An.Tran@example.com")
        #expect(try EmailAddress("An@Example.COM") == EmailAddress("An@example.com"))
        #expect(try EmailAddress("An@example.com") != EmailAddress("an@example.com"))
    }

    @Test func theReasonNeverRepeatsTheValue() {
        let error = #expect(throws: InvalidValue.self) { try EmailAddress("secret value") }
        #expect(error?.description.contains("secret") == false)
    }
}

@Suite struct PersonNameTests {
    @Test(arguments: [
        "陳小明", "Nguyễn Thị Ánh", "สมชาย ใจดี", "María-José O’Neil", "محمد بن سلمان", "Björk Guðmundsdóttir", "X Æ A-12",
        "ক্ষ\u{200D}য", "می\u{200C}خواهم", "田中👩‍🚀", "Wm. \"Bill\" <Gates>", String(repeating: "長", count: 200),
    ])
    func everyScriptIsKept(_ text: String) throws {
        #expect(try PersonName(text).description == text)
    }

    @Test(arguments: [
        "", " ", "\n\t", "\u{3000}", "a\u{0}b", "a\u{7}b", "a\u{202E}b", "a\u{200B}b", "a\u{FEFF}b", "\u{E000}",
        String(repeating: "x", count: 201), "e" + String(repeating: "\u{301}", count: 600),
    ])
    func blanksControlsAndAbsurdLengthsAreRefused(_ text: String) {
        #expect(throws: InvalidValue.self) { try PersonName(text) }
    }

    @Test func whiteSpaceIsFolded() throws {
        #expect(try PersonName("  An \t\r\n Tran\u{3000}Le ").description == "An Tran Le")
    }

    @Test func onlyInvisibleCharactersAreNoName() {
        #expect(throws: InvalidValue.self) { try PersonName("\u{200D}\u{200C}") }
    }
}

@Suite struct EconomyCodeTests {
    @Test(arguments: [("TW", "TW"), ("vn", "VN"), ("Id", "ID")])
    func codesAreFoldedToUpperCase(_ text: String, _ code: String) throws {
        #expect(try EconomyCode(text).description == code)
    }

    @Test(arguments: ["", "T", "TWN", "T1", "臺", "ß", " T", "T\n", "ﬀ"])
    func othersAreRefused(_ text: String) {
        #expect(throws: InvalidValue.self) { try EconomyCode(text) }
    }
}

@Suite struct TimeZoneIDTests {
    @Test(arguments: ["Asia/Taipei", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+12"])
    func knownZonesArePassed(_ text: String) throws {
        #expect(try TimeZoneID(text).description == text)
    }

    @Test(arguments: [
        "", "Taipei", "GMT+8", "CST", "Asia/", "/", "Asia/Atlantis", "../etc/passwd", "Asia/../Asia/Taipei", "UTC ",
    ])
    func othersAreRefused(_ text: String) {
        #expect(throws: InvalidValue.self) { try TimeZoneID(text) }
    }

    @Test func theZoneIsTheNamedOne() throws {
        let zone = try TimeZoneID("Asia/Taipei").timeZone
        #expect(zone.secondsFromGMT(for: Date(timeIntervalSince1970: 1_500_000_000)) == 8 * 3600)
    }
}

@Suite struct LanguageTagTests {
    @Test(arguments: [
        ("en", "en"), ("EN", "en"), ("ZH-hANT-tw", "zh-Hant-TW"), ("fil", "fil"), ("es-419", "es-419"),
        ("zh-tw", "zh-TW"),
    ])
    func tagsAreWrittenTheUsualWay(_ text: String, _ tag: String) throws {
        #expect(try LanguageTag(text).description == tag)
    }

    @Test(arguments: [
        "", "e", "engl", "en-", "-en", "en--US", "en_US", "en-US-US", "en-Latn-US-x", "zh-TW-Hant", "英", "en-1",
        "en-41", "e1",
        "en-US\n",
    ])
    func othersAreRefused(_ text: String) {
        #expect(throws: InvalidValue.self) { try LanguageTag(text) }
    }

    @Test func fallbacksBecomeMoreGeneral() throws {
        #expect(try LanguageTag("zh-Hant-TW").fallbacks.map(\.description) == ["zh-Hant-TW", "zh-Hant", "zh"])
        #expect(LanguageTag.english.fallbacks == [.english])
    }

    @Test func supportedTagsAreInTheUsualForm() throws {
        for tag in LanguageTag.supported { #expect(try LanguageTag(tag.description) == tag) }
        #expect(Set(LanguageTag.supported).count == LanguageTag.supported.count)
    }
}

@Suite struct CodableTests {
    @Test func parsedValuesAreTextInJSON() throws {
        let recipient = Recipient(
            name: try PersonName("陳小明"),
            email: try EmailAddress("an@example.com"),
            language: .traditionalChinese
        )
        let data = try JSONEncoder().encode(recipient)
        let json = try JSONSerialization.jsonObject(with: data) as? [String: String]
        #expect(json == ["name": "陳小明", "email": "an@example.com", "language": "zh-Hant"])
        #expect(try JSONDecoder().decode(Recipient.self, from: data) == recipient)
    }

    @Test func refusalsNameTheWayAndTheReason() throws {
        let json = Data(#"{"name": "An", "email": "nonsense", "language": "en"}"#.utf8)
        let error = #expect(throws: DecodingError.self) { try JSONDecoder().decode(Recipient.self, from: json) }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("another error than expected")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["email"])
        #expect(context.debugDescription == "must have one @ with text on both sides")
    }
}
