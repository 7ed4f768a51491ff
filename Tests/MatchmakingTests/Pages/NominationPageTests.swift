import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@testable import Matchmaking

@Suite("A coordinator nominates over the page")
struct NominationPageTests {
    static let student = [
        "nominate": "1", "name": "Trần Văn An", "email": "an@example.org", "language": "vi", "economy": "VN",
    ]

    static func send(_ scene: UniversityPageTests.Scene, _ form: [String: String]) async throws -> TestResponse {
        try await scene.office.client.submit(Office.path(scene.link) + "?lang=en", form: form)
    }

    static func applicants(_ scene: UniversityPageTests.Scene) async throws -> [JSONValue] {
        try await scene.office.get("\(scene.cohort)/applicants").json["items"].items
    }

    @Test func aStudentIsNominatedAndInvited() async throws {
        try await UniversityPageTests.run { scene in
            let firm = try await scene.office.firms(scene.cohort, [1])[0]
            let eligibility: [String: JSONValue] = ["eligibility": ["disciplines": ["ict", "design"]]]
            _ = try await scene.office.positions(scene.cohort, firm, [Office.position("web", eligibility)])
            let page = try await scene.office.page(scene.link, lang: "en").text
            #expect(page.contains("<option value=\"VN\">Vietnam</option>"))
            #expect(page.contains("<option value=\"ict\">ict</option>"))
            let answer = try await Self.send(scene, Self.student.merging(["discipline": "ict"]) { $1 })
            #expect(answer.status == .seeOther)
            let after = try await scene.office.view(try #require(answer.headers[.location]))
            #expect(after.text.contains("The student is nominated"))
            #expect(after.text.contains("Trần Văn An"))
            let stored = try #require(try await Self.applicants(scene).last)
            #expect(stored["name"] == "Trần Văn An" && stored["university"] == "ntu" && stored["economy"] == "VN")
            let invited = try await scene.office.inbox.read().invited.map(\.recipient)
            #expect(invited.contains { $0.email.description == "an@example.org" && $0.language == .vietnamese })
            let entry = try #require(try await scene.office.audit(scene.cohort).last)
            #expect(entry["action"] == "applicants.nominated" && entry["actor"].string.hasPrefix("university:"))
            // What was chosen as the field of study opens the position.
            let id = stored["id"].string
            let position = try await scene.office.get("\(scene.cohort)/positions").json["items"][0]["id"].string
            #expect(try await scene.office.rank(scene.cohort, id, [[position]]).status == .ok)
        }
    }

    @Test func eachFaultStandsBesideItsField() async throws {
        try await UniversityPageTests.run { scene in
            let form = ["nominate": "1", "name": " ", "email": "nowhere", "language": "", "economy": "x<"]
            let answer = try await Self.send(scene, form)
            #expect(answer.status == .unprocessableContent)
            for field in ["name", "email", "language", "economy"] {
                #expect(answer.text.contains("aria-describedby=\"\(field)-error\""), "\(field)")
                #expect(answer.text.contains("<span class=\"error\" id=\"\(field)-error\">"), "\(field)")
                #expect(answer.text.contains("<a href=\"#\(field)\">"), "\(field)")
            }
            // What was entered stays.
            #expect(answer.text.contains("id=\"email\" name=\"email\" value=\"nowhere\""))
            let again = try await Self.send(scene, Self.student.merging(["email": "ntu-0@example.org"]) { $1 })
            #expect(again.status == .unprocessableContent)
            #expect(again.text.contains("A student with this address is nominated already."))
            #expect(again.text.contains("<option value=\"vi\" selected>"))
            #expect(again.text.contains("value=\"Trần Văn An\""))
            #expect(try await Self.applicants(scene).count == 3)
        }
    }

    @Test func theRulesDecideWhoCanBeNominated() async throws {
        try await UniversityPageTests.run { scene in
            try await scene.office.setRules(scene.cohort, ["eligibility": ["economies": ["TH"]]])
            let page = try await scene.office.page(scene.link, lang: "en").text
            #expect(page.contains("<option value=\"TH\">Thailand</option>"))
            #expect(!page.contains("<option value=\"VN\">"))
            let answer = try await Self.send(scene, Self.student)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.text.contains("Choose a nationality that the programme admits."))
            try await scene.office.setRules(scene.cohort, ["eligibility": ["universities": ["nthu"]]])
            let refused = try await Self.send(scene, Self.student)
            #expect(refused.status == .unprocessableContent)
            #expect(refused.text.contains("By the rules your university can&#39;t nominate."))
            #expect(try await Self.applicants(scene).count == 3)
        }
    }

    @Test func nobodyIsNominatedOnceItIsTooLate() async throws {
        try await UniversityPageTests.run { scene in
            try await scene.office.passDeadline(scene.cohort)
            #expect(!(try await scene.office.page(scene.link).text.contains("name=\"nominate\"")))
            let late = try await Self.send(scene, Self.student)
            #expect(late.status == .conflict)
            #expect(try late.text.contains(Words(.english)["university.tooLate"]), "\(late.text)")
            #expect(try await Self.applicants(scene).count == 3)
        }
    }

    @Test(arguments: LanguageTag.supported)
    func theFormIsWholeInEveryLanguage(_ language: LanguageTag) async throws {
        try await UniversityPageTests.run { scene in
            let words = try Words(language)
            let path = Office.path(scene.link) + "?lang=\(language)"
            let page = try await scene.office.client.submit(path, form: ["nominate": "1"])
            #expect(page.text.contains("<html lang=\"\(language)\""))
            for key in ["university.nominate.text", "university.fault.name", "university.field.economy"] {
                #expect(page.text.contains(words[key]), "\(key)")
            }
            #expect(page.text.firstMatch(of: /[{}]/) == nil)
        }
    }
}
