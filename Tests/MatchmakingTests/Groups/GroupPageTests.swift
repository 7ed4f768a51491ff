import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Groups on the ranking page")
struct GroupPageTests {
    @Test func membersAgreeAndThenRankTogether() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [2, 2])
            let people = try await office.applicants(cohort, 3, language: "en")
            let body = Office.group("team", people.prefix(2).map(\.id), agreed: false, ["platform": "ebay"])
            let team = try await office.groups(cohort, [body])[0]
            func submit(_ person: Int, _ form: [String: String]) async throws -> TestResponse {
                try await office.client.submit(Office.path(people[person].link), form: form)
            }
            let asked = try await office.page(people[0].link).text
            #expect(asked.contains("Your team: The team"))
            #expect(asked.contains("<li>Student 0</li>\n<li>Student 1</li>"))
            #expect(asked.contains("You work with ebay."))
            #expect(asked.contains("name=\"agree\""))
            let other = try await office.page(people[2].link).text
            #expect(!other.contains("The team"))
            let agreed = try await submit(0, ["agree": "1"])
            let page = try await office.client.send(.get, try #require(agreed.headers[.location])).text
            #expect(page.contains("Your agreement is recorded."))
            #expect(page.contains("Not everybody has agreed yet."))
            #expect(!page.contains("name=\"agree\""))
            #expect(try await submit(1, ["agree": "1"]).status == .seeOther)
            #expect(try await office.get("/groups/\(team)").json["state"] == "formed")
            // Who is in no group agrees to nothing.
            #expect(try await submit(2, ["agree": "1"]).status == .conflict)
            // Each may change the one list.
            #expect(try await submit(0, ["add": firms[0], "version": "0"]).status == .seeOther)
            #expect(try await submit(1, ["add": firms[1], "version": "1"]).status == .seeOther)
            #expect(try await submit(0, ["certify": "1", "version": "2"]).status == .seeOther)
            let list = office.expect(.ok, try await office.get("/groups/\(team)/ranking"))
            #expect(list["ranking"] == .init([[firms[0]], [firms[1]]]))
            #expect(list["certifiedAt"] != nil)
            let shown = try await office.page(people[1].link).text
            #expect(shown.contains("this list is the whole team"))
            #expect(shown.contains("<li>Firm 0</li>\n<li>Firm 1</li>"))
            let own = try await office.get("\(cohort)/applicants/\(people[0].id)/ranking").json
            #expect(own["version"] == 0)
            let actors = Set(try await office.audit(cohort).suffix(3).map(\.["actor"].string))
            #expect(actors == ["applicant:\(people[0].id)", "applicant:\(people[1].id)"])
        }
    }

    @Test func whereAMemberLeavesTheOthersRankForThemselvesAgain() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [2])
            let people = try await office.applicants(cohort, 2, language: "en")
            let team = try await office.groups(cohort, [Office.group("team", people.map(\.id))])[0]
            let path = Office.path(people[0].link)
            // A list is built step by step, however long it has to be in the end.
            let lists: JSONValue = ["applicants": ["minimum": 2, "maximum": 3]]
            try await office.setRules(cohort, ["lists": lists])
            let added = try await office.client.submit(path, form: ["add": firms[0], "version": "0"])
            #expect(added.status == .seeOther)
            _ = office.expect(.ok, try await office.post("/applicants/\(people[1].id)/withdrawal", [:]))
            #expect(try await office.get("/groups/\(team)").json["state"] == "dissolved")
            let entry = try #require(try await office.audit(cohort).last)
            #expect(entry["action"] == "group.dissolved" && entry["reason"] == "A member has left the cohort")
            let own = try await office.client.submit(path, form: ["add": firms[0], "version": "0"])
            #expect(own.status == .seeOther)
            let list = office.expect(.ok, try await office.get("\(cohort)/applicants/\(people[0].id)/ranking"))
            #expect(list["ranking"] == .init([[firms[0]]]))
        }
    }

    @Test(arguments: LanguageTag.supported)
    func itSpeaksTheStudentsLanguage(_ language: LanguageTag) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.firms(cohort, [2])
            let people = try await office.applicants(cohort, 2, language: language.description)
            _ = try await office.groups(cohort, [Office.group("couple", people.map(\.id), agreed: false)])
            let page = try await office.page(people[0].link).text
            let words = try Words(language)
            for key in ["group.couple.hint", "group.forming", "group.agree", "group.couple.heading"] {
                #expect(page.contains(words[key, ["name": "The couple"]]), "\(key)")
            }
        }
    }
}
