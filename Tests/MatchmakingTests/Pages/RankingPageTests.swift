import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("The page where a student ranks")
struct RankingPageTests {
    struct Scene: Sendable {
        let office: Office
        let cohort: String
        let firms: [String]
        let applicant: (id: String, link: String)

        func submit(_ choices: [String], version: String = "0") async throws -> TestResponse {
            var form = ["version": version]
            for (index, choice) in choices.enumerated() { form["choice\(index + 1)"] = choice }
            return try await office.client.submit(Office.path(applicant.link), form: form)
        }

        func ranking() async throws -> JSONValue {
            try await office.get("\(cohort)/applicants/\(applicant.id)/ranking").json
        }
    }

    static func run(
        language: String = "en",
        _ body: @escaping @Sendable (Scene) async throws -> Void
    ) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 2, 3, 4])
            let applicant = try await office.applicants(cohort, 1, language: language)[0]
            try await body(Scene(office: office, cohort: cohort, firms: firms, applicant: applicant))
        }
    }

    @Test func itOffersNumberedChoicesOfAllFirms() async throws {
        try await Self.run { scene in
            let page = try await scene.office.page(scene.applicant.link)
            #expect(page.status == .ok)
            #expect(page.headers[.cacheControl] == "no-store")
            #expect(page.text.contains("<html lang=\"en\""))
            #expect(page.text.contains("<h1>Rank your choices: Autumn intake</h1>"))
            #expect(page.text.contains("Hello Student 0"))
            #expect(page.text.contains("You have not saved a list yet."))
            #expect(page.text.contains("You can name up to 3."))
            for number in 1...3 {
                #expect(page.text.contains("<label for=\"choice\(number)\">Choice \(number)</label>"))
                #expect(page.text.contains("<select id=\"choice\(number)\" name=\"choice\(number)\">"))
            }
            #expect(!page.text.contains("choice4"))
            for (index, firm) in scene.firms.enumerated() {
                let option = "<option value=\"\(firm)\">Firm \(index) (places: \(index + 1))</option>"
                #expect(page.text.components(separatedBy: option).count == 4)
            }
            let commitment = try await scene.office.get(scene.cohort).json["lottery"]["commitment"].string
            #expect(page.text.contains(commitment))
            #expect(!page.text.contains("<script"))
        }
    }

    @Test func whatIsSavedIsShown() async throws {
        try await Self.run { scene in
            let answer = try await scene.submit([scene.firms[2], scene.firms[0]])
            #expect(answer.status == .seeOther)
            let location = try #require(answer.headers[.location])
            let page = try await scene.office.client.send(.get, location)
            #expect(page.text.contains("<p class=\"notice good\" role=\"status\">Your list is saved.</p>"))
            #expect(page.text.contains("<ol>\n<li>Firm 2</li>\n<li>Firm 0</li>\n</ol>"))
            #expect(page.text.contains("<option value=\"\(scene.firms[2])\" selected>"))
            #expect(page.text.contains("name=\"version\" value=\"1\""))
            let saved = JSONValue([[scene.firms[2]], [scene.firms[0]]])
            #expect(try await scene.ranking() == ["ranking": saved, "version": 1])
        }
    }

    @Test func gapsAreClosedAndAnEmptyListIsAList() async throws {
        try await Self.run { scene in
            _ = try await scene.submit(["", scene.firms[1], ""])
            #expect(try await scene.ranking()["ranking"] == .init([[scene.firms[1]]]))
            #expect(try await scene.submit(["", "", ""], version: "1").status == .seeOther)
            #expect(try await scene.ranking() == ["ranking": [], "version": 2])
        }
    }

    @Test func faultsStandBesideTheirFields() async throws {
        try await Self.run { scene in
            let page = try await scene.submit([scene.firms[0], scene.firms[0], "\"><b>x"])
            #expect(page.status == .unprocessableContent)
            #expect(page.text.contains("role=\"alert\""))
            #expect(page.text.contains("<a href=\"#choice2\">Choice 2: This firm is on your list already.</a>"))
            #expect(page.text.contains("aria-invalid=\"true\" aria-describedby=\"choice2-error\""))
            #expect(
                page.text.contains("id=\"choice3-error\">This firm can&#39;t be chosen.")
                    || page.text.contains("id=\"choice3-error\">This firm can't be chosen.")
            )
            #expect(!page.text.contains("<b>x"))
            // What was entered is still there.
            #expect(page.text.contains("<option value=\"\(scene.firms[0])\" selected>"))
            #expect(try await scene.ranking()["version"] == 0)
        }
    }

    @Test func aListThatWasChangedElsewhereIsNotOverwritten() async throws {
        try await Self.run { scene in
            _ = try await scene.submit([scene.firms[0]])
            let page = try await scene.submit([scene.firms[1]])
            #expect(page.status == .conflict)
            #expect(page.text.contains("Your list was changed somewhere else"))
            #expect(page.text.contains("<li>Firm 0</li>"))
            #expect(try await scene.submit([scene.firms[1]], version: "").status == .conflict)
            #expect(try await scene.ranking()["ranking"] == .init([[scene.firms[0]]]))
        }
    }

    @Test func afterTheDeadlineItShowsTheListOnly() async throws {
        try await Self.run { scene in
            _ = try await scene.submit([scene.firms[3]])
            try await scene.office.passDeadline(scene.cohort)
            let page = try await scene.office.page(scene.applicant.link)
            #expect(page.text.contains("<li>Firm 3</li>"))
            #expect(
                page.text.contains("Lists are closed and can't be changed any more.")
                    || page.text.contains("Lists are closed and can&#39;t be changed any more.")
            )
            #expect(!page.text.contains("<select"))
            let late = try await scene.submit([scene.firms[0]], version: "1")
            #expect(late.status == .conflict)
            #expect(late.text.contains("Lists are closed: nothing was changed."))
            #expect(try await scene.ranking()["version"] == 1)
        }
    }

    @Test func tiesFromAnImportAreShown() async throws {
        try await Self.run { scene in
            let groups = [[scene.firms[0], scene.firms[1]], [scene.firms[2]]]
            try await scene.office.importRankings(scene.cohort, applicants: [scene.applicant.id: groups], firms: [:])
            let page = try await scene.office.page(scene.applicant.link)
            #expect(page.text.contains("<li>Firm 0 = Firm 1</li>\n<li>Firm 2</li>"))
        }
    }

    @Test func namesAreEscaped() async throws {
        try await Office.run { office in
            var draft = Office.draft()
            draft["title"] = ["en": "<script>alert(1)</script>"]
            let cohort = try await office.cohort(draft)
            let firm: JSONValue = ["code": "f", "name": ["en": "A&B <i>\"x\"</i>"], "capacity": 1]
            _ = office.expect(.created, try await office.post("\(cohort)/firms", ["firms": [firm]]))
            let university: JSONValue = ["universities": [["code": "u", "name": ["en": "U"]]]]
            _ = try await office.post("\(cohort)/universities", university)
            let student: JSONValue = [
                "name": "<img src=x> & Co", "email": "x@example.org", "language": "en", "economy": "TW",
            ]
            let body: JSONValue = ["university": "u", "students": [student]]
            let nominated = office.expect(.created, try await office.post("\(cohort)/nominations", body))
            let text = try await office.page(nominated["applicants"][0]["rankingLink"].string).text
            #expect(!text.contains("<script") && !text.contains("<img") && !text.contains("<i>"))
            #expect(text.contains("&lt;img src=x&gt; &amp; Co"))
            #expect(text.contains("A&amp;B &lt;i&gt;"))
        }
    }

    @Test(arguments: LanguageTag.supported)
    func itSpeaksTheStudentsLanguage(_ language: LanguageTag) async throws {
        try await Self.run(language: language.description) { scene in
            let page = try await scene.office.page(scene.applicant.link)
            #expect(page.text.contains("<html lang=\"\(language)\""))
            #expect(page.headers[.contentLanguage] == language.description)
            let words = try Words(language)
            for key in ["ranking.honest", "ranking.save", "ranking.saved.none", "ranking.none"] {
                #expect(page.text.contains(words[key]))
            }
            let title = language == .traditionalChinese ? "秋季" : "Autumn intake"
            #expect(page.text.contains("<h1>\(words["ranking.title", ["cohort": title]])</h1>"))
            // Another language is one link away, and a saved list keeps it.
            let other: LanguageTag = language == .thai ? .spanish : .thai
            let asked = try await scene.office.page(scene.applicant.link, lang: other.description)
            #expect(asked.text.contains("<html lang=\"\(other)\""))
            let form = ["version": "0", "choice1": scene.firms[0]]
            let saved = try await scene.office.client.submit(
                "\(Office.path(scene.applicant.link))?lang=\(other)",
                form: form
            )
            #expect(saved.headers[.location]?.contains("lang=\(other)") == true)
        }
    }
}
