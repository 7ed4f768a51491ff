import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite struct LanguageTests {
    /// Each page in each language: in that language, complete, nothing left to fill in.
    @Test(arguments: LanguageTag.supported)
    func everyPageIsWhole(language: LanguageTag) async throws {
        try await Desk.open { desk in
            var draft = EventDraft(capacity: 1)
            draft.description = ["en": "About it."]
            let event = try await desk.makeEvent(draft)
            let early = EventDraft(slug: "early", registrationOpensAt: "2150-03-01T08:00")
            _ = try await desk.makeEvent(early)
            _ = try await desk.makeEvent(EventDraft(slug: "late", registrationClosesAt: "2018-06-30T18:00"))
            _ = try await desk.makeEvent(
                EventDraft(slug: "open", kind: "forum", registrationClosesAt: "2150-06-30T18:00")
            )
            let answers = try await desk.register(event, 1...3)
            _ = try await desk.cancel(answers[2])
            let personal = try answers.map { try desk.path($0.link) }
            let staff = try desk.path(event.registrationsPage)
            let lang = "lang=\(language)"
            var pages: [TestResponse] = []
            for path in [
                "/events/kaohsiung?\(lang)", "/events/elsewhere?\(lang)", "\(PublicPageTests.path)?\(lang)",
                "/events/kaohsiung/early?\(lang)", "/events/kaohsiung/late?\(lang)", "/events/kaohsiung/open?\(lang)",
                "\(personal[0])?\(lang)", "\(personal[1])?\(lang)", "\(personal[2])?\(lang)",
                "\(personal[0])/cancellation?\(lang)", "\(staff)?\(lang)", "\(staff)?\(lang)&state=confirmed",
            ] { pages.append(try await desk.get(path)) }
            pages.append(try await desk.client.submit("\(PublicPageTests.path)?\(lang)", form: ["organisation": "x"]))
            let twice = PublicPageTests.form.merging(["email": "person1@people.example"]) { $1 }
            pages.append(try await desk.client.submit("\(PublicPageTests.path)?\(lang)", form: twice))
            for page in pages {
                #expect(page.headers[.contentType]?.hasPrefix("text/html") == true, "\(page.status) \(page.text)")
                #expect(page.text.contains("<html lang=\"\(language)\""))
                #expect(!page.text.contains("{") && !page.text.contains("}"), "\(page.text)")
                #expect(
                    !page.text.contains("></a>") && !page.text.contains("<h1></h1>") && !page.text.contains("<h2></h2>")
                )
                #expect(page.text.firstMatch(of: /<(label|button|dt|th)[^>]*>\s*<\//) == nil)
                #expect(page.text.contains("aria-current=\"true\">\(ownNames[language] ?? "?")</span>"))
                #expect(page.text.matches(of: /href="\?lang=/).count >= 7)
                if language != .english {
                    #expect(!englishSentences.contains { page.text.contains($0) }, "\(language)")
                }
            }
        }
    }

    private let ownNames: [LanguageTag: String] = [
        .english: "English", .traditionalChinese: "繁體中文", .vietnamese: "Tiếng Việt", .thai: "ไทย",
        .indonesian: "Bahasa Indonesia", .malay: "Bahasa Melayu", .filipino: "Filipino", .spanish: "Español",
    ]

    /// What must not stand on a page of another language.
    private let englishSentences = [
        "You have a place", "All places are taken", "Registration opens on", "Registration is closed",
        "Please correct this", "Cancel your registration", "There are no events", "You are registered already",
        "Your registration is cancelled", "on the waiting list", "Enter your name", "Monday", "July",
    ]

    @Test(arguments: [
        (nil, nil, "en"), ("vi", nil, "vi"), ("zh-TW,zh;q=0.9,en;q=0.8", nil, "zh-Hant"), ("de", nil, "en"),
        ("vi", "th", "th"), ("vi", "xx", "vi"), ("vi", "%3Cscript%3E", "vi"), (nil, "zh-Hant-TW", "zh-Hant"),
    ])
    func theReadersLanguageIsTaken(header: String?, query: String?, expected: String) async throws {
        try await Desk.open { desk in
            _ = try await desk.makeEvent()
            let headers: HTTPFields = header.map { [.acceptLanguage: $0] } ?? [:]
            let path = PublicPageTests.path + (query.map { "?lang=\($0)" } ?? "")
            let page = try await desk.get(path, headers: headers)
            #expect(page.text.contains("<html lang=\"\(expected)\""))
            #expect(page.text.contains("action=\"\(PublicPageTests.path)?lang=\(expected)\""))
            #expect(page.text.contains("<option value=\"\(expected)\" selected>"))
        }
    }

    /// A template may only name texts that exist: an unknown one would render as nothing.
    @Test func templatesNameTextsThatExist() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Services/Events/Resources").standardized
        let english = try Data(contentsOf: folder.appending(path: "Strings/en.json"))
        let keys = Set(try JSONDecoder().decode([String: String].self, from: english).keys)
        let templates = try FileManager.default.contentsOfDirectory(
            at: folder.appending(path: "Templates"),
            includingPropertiesForKeys: nil
        )
        #expect(templates.count >= 8)
        for template in templates {
            let text = try String(contentsOf: template, encoding: .utf8)
            for name in text.matches(of: /\{\{t\.(\w+)\}\}/).map({ String($0.1) }) {
                #expect(keys.contains(name), "\(template.lastPathComponent) names \(name)")
            }
        }
    }
}
