import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("The page of a university's coordinator")
struct UniversityPageTests {
    struct Scene: Sendable {
        let office: Office
        let cohort: String
        let link: String
        let students: [String]
        /// Of another university of the cohort.
        let stranger: String
    }

    static func run(_ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let students = try await office.applicants(cohort, 2).map(\.id)
            let stranger = try await office.applicants(cohort, 1, university: "nthu")[0].id
            let id = try await office.get("\(cohort)/universities").json["items"][0]["id"].string
            let link = office.expect(.ok, try await office.get("/universities/\(id)/link"))["link"].string
            try await body(Scene(office: office, cohort: cohort, link: link, students: students, stranger: stranger))
        }
    }

    static func enrolled(_ scene: Scene) async throws -> Set<String> {
        let items = try await scene.office.get("\(scene.cohort)/applicants").json["items"].items
        return Set(items.filter { $0["enrolledAt"] != nil }.map(\.["id"].string))
    }

    @Test func itShowsTheUniversitysOwnStudents() async throws {
        try await Self.run { scene in
            let page = try await scene.office.page(scene.link)
            #expect(page.status == .ok && page.headers[.cacheControl] == "no-store")
            #expect(page.text.contains("<h1>University: Autumn intake</h1>"))
            for student in scene.students { #expect(page.text.contains("id=\"student-\(student)\"")) }
            #expect(!page.text.contains(scene.stranger))
        }
    }

    @Test func whoIsTickedIsConfirmed() async throws {
        try await Self.run { scene in
            let path = Office.path(scene.link)
            let answer = try await scene.office.client.submit(path, form: ["student-\(scene.students[1])": "yes"])
            #expect(answer.status == .seeOther)
            let page = try await scene.office.client.send(.get, try #require(answer.headers[.location]))
            #expect(page.text.contains("Saved.") && page.text.contains("Confirmed"))
            #expect(!page.text.contains("id=\"student-\(scene.students[1])\""))
            #expect(try await Self.enrolled(scene) == [scene.students[1]])
            let entry = try #require(try await scene.office.audit(scene.cohort).last)
            #expect(entry["action"] == "enrolment.confirmed" && entry["actor"].string.hasPrefix("university:"))
            #expect(entry["before"] == ["enrolled": "false"] && entry["after"] == ["enrolled": "true"])
            // Once more, with nobody else, changes nothing.
            _ = try await scene.office.client.submit(path, form: ["student-\(scene.students[1])": "yes"])
            #expect(try await scene.office.audit(scene.cohort).last == entry)
        }
    }

    @Test func nobodyElsesStudentsCanBeConfirmed() async throws {
        try await Self.run { scene in
            let path = Office.path(scene.link)
            let form = ["student-\(scene.students[0])": "yes", "student-\(scene.stranger)": "yes"]
            let answer = try await scene.office.client.submit(path, form: form)
            #expect(answer.status == .notFound)
            // All or nothing.
            let enrolled = try await Self.enrolled(scene)
            #expect(enrolled.isEmpty)
        }
    }

    @Test func nothingIsConfirmedOnceLocked() async throws {
        try await Self.run { scene in
            let office = scene.office
            _ = try await office.firms(scene.cohort, [1])
            try await office.move(scene.cohort, to: "locked", ["closesEarly": true])
            let page = try await office.page(scene.link)
            #expect(!page.text.contains("type=\"checkbox\"") && page.text.contains("Not confirmed yet"))
            let late = try await office.client.submit(
                Office.path(scene.link),
                form: ["student-\(scene.students[0])": "yes"]
            )
            #expect(late.status == .conflict)
            #expect(try await Self.enrolled(scene).isEmpty)
            let path = "/applicants/\(scene.students[0])/enrolment"
            #expect(try await office.put(path, ["enrolled": true]).problem?.type == "cohort-locked")
        }
    }

    @Test func staffConfirmAndTakeItBack() async throws {
        try await Self.run { scene in
            let path = "/applicants/\(scene.students[0])/enrolment"
            let confirmed = scene.office.expect(.ok, try await scene.office.put(path, ["enrolled": true]))
            #expect(confirmed["enrolledAt"] != nil)
            let taken = scene.office.expect(.ok, try await scene.office.put(path, ["enrolled": false]))
            #expect(taken["enrolledAt"] == nil)
        }
    }

    @Test(arguments: ["zh-Hant", "vi", "th", "id", "ms", "fil", "es", "en"])
    func itIsWholeInEveryLanguage(_ language: String) async throws {
        try await Self.run { scene in
            let page = try await scene.office.page(scene.link, lang: language)
            #expect(page.status == .ok)
            #expect(page.text.contains("<html lang=\"\(language)\""))
            #expect(page.text.firstMatch(of: /[{}]/) == nil)
        }
    }
}
