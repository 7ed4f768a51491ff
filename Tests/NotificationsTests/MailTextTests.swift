import Domain
import Foundation
import ServiceKit
import Testing

@testable import Notifications

@Suite struct MailTextTests {
    static let link = "https://programmes.example/events/l/abc.def"

    /// Reads all texts and templates, so once for all tests.
    static let writer = Result { try MailWriter(strings: NotificationsService.strings()) }

    private func write(_ content: MailContent, _ language: LanguageTag) throws -> (
        MailText, plain: String, html: String
    ) {
        let writer = try Self.writer.get()
        let host = MailHost(
            id: TenantID(),
            slug: "kaohsiung",
            name: try LocalizedText([.english: "City of Kaohsiung", .traditionalChinese: "高雄市政府"]),
            language: .english,
            timeZone: try TimeZoneID("Asia/Taipei")
        )
        let mail = writer.write(
            content,
            to: try SampleMails.recipient(language),
            from: host,
            link: Self.link,
            publicURL: "https://programmes.example"
        )
        return (mail, writer.plain(mail), writer.rich(mail))
    }

    @Test(arguments: LanguageTag.supported)
    func everyMailIsWholeInEveryLanguage(_ language: LanguageTag) throws {
        for content in try SampleMails.all() + SampleMails.variants() {
            let (mail, plain, html) = try write(content, language)
            let words =
                [mail.subject, mail.greeting, mail.actionLabel, mail.actionURL, mail.closing, mail.host]
                + mail.paragraphs + mail.footer + mail.facts.flatMap { [$0.label, $0.value] }
                + mail.pages.flatMap { [$0.label, $0.value] }
            #expect(mail.language == language.description)
            #expect(mail.paragraphs.count == 2 && mail.footer.count == 2)
            for word in words {
                #expect(!word.trimmingCharacters(in: .whitespaces).isEmpty)
                #expect(word.firstMatch(of: /[{}]/) == nil, "\(content.kind) \(language): \(word)")
                #expect(word == mail.subject || plain.contains(word), "\(content.kind) \(language): \(word)")
                #expect(html.contains(word.escaped), "\(content.kind) \(language): \(word)")
            }
            #expect(html.contains("<html lang=\"\(language)\">"))
            for text in [plain, html] { #expect(text.firstMatch(of: /[{}]|Optional\(|\bnil\b/) == nil) }
            let lines = plain.split(separator: "\n")
            #expect(lines.allSatisfy { !$0.hasSuffix(": ") }, "\(content.kind) \(language)")
        }
    }

    @Test(arguments: LanguageTag.supported.filter { $0 != .english })
    func noEnglishIsLeftInOtherLanguages(_ language: LanguageTag) throws {
        let english: Set = [
            "the", "your", "you", "please", "has", "been", "with", "registration", "waiting", "result", "this", "is",
            "of", "and", "if", "when", "where", "company", "programme", "deadline", "position", "about", "dear", "kind",
        ]
        for content in try SampleMails.all() + SampleMails.variants() {
            let (mail, _, _) = try write(content, language)
            let (original, _, _) = try write(content, .english)
            let own = [mail.greeting, mail.closing, mail.actionLabel] + mail.footer + mail.facts.map(\.label)
            for text in [mail.subject] + mail.paragraphs + own {
                var text = text
                for name in ["2018 APEC O2O Summit", "Southbound ICT talent", "City of Kaohsiung", "Advantech"] {
                    text = text.replacing(name, with: "")
                }
                let words = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
                #expect(words.isDisjoint(with: english), "\(content.kind) \(language): \(text)")
            }
            #expect(Set(mail.paragraphs).isDisjoint(with: original.paragraphs))
            #expect(mail.greeting != original.greeting && mail.actionLabel != original.actionLabel)
        }
    }

    @Test func eachMailSaysWhatItIsAbout() throws {
        for content in try SampleMails.all() {
            let (mail, plain, _) = try write(content, .traditionalChinese)
            switch content.facts {
            case .registration:
                #expect(mail.subject.contains("2018 APEC O2O 高峰會"))
                #expect(plain.contains("高雄展覽館"))
                #expect(mail.pages.map(\.value) == ["https://programmes.example/events/kaohsiung/o2o-summit-2018"])
                // The venue's time, not the reader's.
                #expect(mail.facts.contains { $0.value.contains("2018") && $0.value.contains("9:00") })
            case .applicant, .member:
                #expect(mail.subject.contains("南洋北流計畫"))
            }
        }
        let texts = try SampleMails.all().map { try write($0, .english).0 }
        #expect(Set(texts.map { $0.paragraphs[0] }).count == MailKind.allCases.count)
        #expect(texts[2].paragraphs[0].contains("number 4711"))
        #expect(texts[6].paragraphs[0].contains("Advantech"))
        #expect(texts[5].paragraphs[1].contains("March"))
        #expect(texts[6].paragraphs[1].contains("March"))
        for (mail, text) in zip(try SampleMails.all(), texts).dropFirst(8).prefix(OfferNews.allCases.count) {
            #expect(text.subject.contains("Advantech"))
            #expect(text.paragraphs[1].contains("March") == (mail.kind == .deferralRefused))
        }
        for (mail, text) in zip(try SampleMails.all(), texts).dropFirst(9 + OfferNews.allCases.count) {
            let isDated = [.cohortOpened, .rankingOpened, .rankReminder, .certifyReminder, .confirmReminder]
                .contains(mail.kind)
            #expect(text.paragraphs[1].contains("March") == isDated, "\(mail.kind)")
        }
        #expect(texts.contains { $0.paragraphs[0].contains("4712") })
        let variants = try SampleMails.variants().map { try write($0, .english).0 }
        #expect(Set((texts + variants).map(\.paragraphs)).count == texts.count + variants.count)
    }

    @Test func aPlaceThatWasToldBeforeThereWereDeadlinesIsStillTold() throws {
        let old = #"{"placed": {"_0": {"id": "\#(ApplicantID())", "cohortTitle": {"en": "T"}}, "firm": {"en": "F"}}}"#
        let content = try JSONDecoder().decode(MailContent.self, from: Data(old.utf8))
        let (mail, plain, _) = try write(content, .english)
        #expect(mail.paragraphs[1] == "Your personal link shows your result and explains how it came about.")
        #expect(plain.firstMatch(of: /[{}]/) == nil)
    }

    @Test func regionsAndUnknownLanguagesFindTheNearest() throws {
        let mail = try SampleMails.all()[0]
        #expect(try write(mail, LanguageTag("zh-Hant-TW")).0.language == "zh-Hant")
        #expect(try write(mail, LanguageTag("es-CL")).0.language == "es")
        #expect(try write(mail, LanguageTag("sw")).0.language == "en")
    }
}

extension String {
    fileprivate var escaped: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
