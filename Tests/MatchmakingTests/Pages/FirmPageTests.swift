import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestKit
import Testing

@Suite("The page where a recruiter ranks")
struct FirmPageTests {
    struct Scene: Sendable {
        let scene: CandidateAPITests.Scene
        let link: String

        var office: Office { scene.office }
        var applicants: [String] { scene.applicants }

        func submit(_ fields: [String: String], version: Int = 0) async throws -> TestResponse {
            let form = fields.merging(["version": "\(version)", "position": scene.position]) { first, _ in first }
            return try await office.client.submit(Office.path(link), form: form)
        }

        func ranking() async throws -> JSONValue {
            office.expect(.ok, try await office.get("/positions/\(scene.position)/ranking"))
        }
    }

    static func run(_ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
        try await CandidateAPITests.run { scene in
            let answer = scene.office.expect(.ok, try await scene.office.get("/firms/\(scene.firm)/link"))
            try await body(Scene(scene: scene, link: answer["link"].string))
        }
    }

    @Test func itShowsWhoChoseThePositionWithExplainedScores() async throws {
        try await Self.run { scene in
            let (office, applicants) = (scene.office, scene.applicants)
            try await office.profiles(
                scene.scene.cohort,
                [["applicant": .init(applicants[0]), "facts": ["grade": 80]]]
            )
            let page = try await office.page(scene.link)
            #expect(page.status == .ok)
            #expect(page.headers[.cacheControl] == "no-store")
            #expect(page.text.contains("<h1>Your applicants: Autumn intake</h1>"))
            #expect(page.text.contains("Firm 0 – Position web (places: 2)"))
            #expect(page.text.contains("<h4>Student 0</h4>"))
            #expect(page.text.contains("Score: 32.00 of 100.00"))
            #expect(page.text.contains("80 / 100</td><td class=\"number\">32.00 / 40.00"))
            #expect(page.text.contains("not known</td><td class=\"number\">0.00 / 60.00"))
            #expect(page.text.contains("3 of 3 applicants have no place on your list yet."))
            #expect(page.text.contains("This list is not certified yet."))
            // Who has not chosen it is not there, nor anybody's address.
            #expect(!page.text.contains("Student 3"))
            #expect(!page.text.contains("@example.org"))
            #expect(!page.text.contains("<script"))
            // Every field has a label, and the first button keeps what was entered.
            #expect(page.text.contains("<label for=\"place-\(applicants[0])\">Place of Student 0</label>"))
            let buttons = page.text.components(separatedBy: "<button type=\"submit\"").dropFirst()
            #expect(buttons.first?.contains("name=\"save\"") == true)
        }
    }

    @Test func placesAndScoresAreSaved() async throws {
        try await Self.run { scene in
            let ids = scene.applicants
            let answer = try await scene.submit([
                "place-\(ids[0])": "2", "place-\(ids[1])": "1", "place-\(ids[2])": "2", "score-talk-\(ids[0])": "9",
                "save": "1",
            ])
            #expect(answer.status == .seeOther)
            let page = try await scene.office.client.send(.get, try #require(answer.headers[.location]))
            #expect(page.text.contains("Your list is saved."))
            #expect(page.text.contains("value=\"2\""))
            #expect(page.text.contains("Score: 60.00 of 100.00"))
            let ranking = try await scene.ranking()
            #expect(ranking["ranking"][0] == [.init(ids[1])])
            #expect(Set(ranking["ranking"][1].items) == [.init(ids[0]), .init(ids[2])])
            let actors = try await scene.office.audit(scene.scene.cohort).suffix(2).map(\.["actor"].string)
            #expect(actors == ["firm:\(scene.scene.firm)", "firm:\(scene.scene.firm)"])
        }
    }

    @Test func buttonsMoveByOne() async throws {
        try await Self.run { scene in
            let ids = scene.applicants
            let places = ["place-\(ids[0])": "1", "place-\(ids[1])": "2", "place-\(ids[2])": "3"]
            func order(_ press: [String: String], version: Int) async throws -> [[String]] {
                let answer = try await scene.submit(places.merging(press) { $1 }, version: version)
                #expect(answer.status == .seeOther)
                #expect(answer.headers[.location]?.contains("#c-") == true)
                return try await scene.ranking()["ranking"].items.map { $0.items.map(\.string) }
            }
            #expect(try await order(["up": ids[2]], version: 0) == [[ids[0]], [ids[2]], [ids[1]]])
            #expect(try await order(["down": ids[0]], version: 1) == [[ids[1]], [ids[0]], [ids[2]]])
            #expect(
                try await order(["up": ids[0], "place-\(ids[0])": "2"], version: 2) == [[ids[0]], [ids[1]], [ids[2]]]
            )
            let first = try await order(["up": ids[0]], version: 3)
            #expect(first == [[ids[0]], [ids[1]], [ids[2]]])
        }
    }

    @Test func theProposedOrderIsTakenAndCertified() async throws {
        try await Self.run { scene in
            let ids = scene.applicants
            let proposed = try await scene.submit([
                "propose": "1", "score-talk-\(ids[1])": "9", "score-talk-\(ids[2])": "3",
            ])
            #expect(proposed.status == .seeOther)
            #expect(try await scene.ranking()["ranking"] == .init([[ids[1]], [ids[2]], [ids[0]]]))
            let fields = ["place-\(ids[1])": "1", "place-\(ids[2])": "2", "certify": "1"]
            let certified = try await scene.submit(fields, version: 1)
            let page = try await scene.office.client.send(.get, try #require(certified.headers[.location]))
            #expect(page.text.contains("Your list is saved and certified."))
            #expect(page.text.contains("You certified this list on"))
            #expect(try await scene.ranking()["certifiedAt"] != nil)
            #expect(try await scene.ranking()["ranking"] == .init([[ids[1]], [ids[2]]]))
            _ = try await scene.submit(["place-\(ids[1])": "1", "save": "1"], version: 2)
            #expect(try await scene.ranking()["certifiedAt"] == nil)
        }
    }

    @Test func unacceptableNeedsAReasonAndCanBeTakenBack() async throws {
        try await Self.run { scene in
            let id = scene.applicants[0]
            let bare = try await scene.submit(["mark": id])
            #expect(bare.status == .unprocessableContent)
            #expect(bare.text.contains("Nothing was saved: please give a reason."))
            #expect(try await scene.submit(["mark": id, "reason-\(id)": "No permit"]).status == .seeOther)
            let page = try await scene.office.page(scene.link).text
            #expect(page.contains("Not acceptable: No permit"))
            #expect(!page.contains("name=\"place-\(id)\""))
            #expect(try await scene.submit(["unmark": id]).status == .seeOther)
            #expect(try await scene.office.page(scene.link).text.contains("name=\"place-\(id)\""))
        }
    }

    @Test(arguments: [("place-", "0"), ("place-", "x"), ("score-talk-", "10"), ("score-talk-", "-1")])
    func faultyNumbersSaveNothing(_ prefix: String, _ value: String) async throws {
        try await Self.run { scene in
            let ids = scene.applicants
            let answer = try await scene.submit(["place-\(ids[1])": "1", "\(prefix)\(ids[0])": value, "save": "1"])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.text.contains("Nothing was saved"))
            #expect(try await scene.ranking()["version"] == 0)
        }
    }

    @Test func whatWasChangedElsewhereIsNotOverwritten() async throws {
        try await Self.run { scene in
            let ids = scene.applicants
            #expect(try await scene.submit(["place-\(ids[0])": "1", "save": "1"]).status == .seeOther)
            let late = try await scene.submit(["place-\(ids[1])": "1", "save": "1"])
            #expect(late.status == .conflict)
            #expect(try await scene.ranking()["ranking"] == .init([[ids[0]]]))
        }
    }

    @Test func whoTheFirmDoesNotSeeStaysWhereTheyWereAtTheEnd() async throws {
        try await Self.run { (scene: Scene) async throws -> Void in
            let ids = scene.applicants
            let order: [[String]] = [[ids[3]], [ids[0]]]
            let path = "/positions/\(scene.scene.position)/ranking"
            let put = try await scene.office.put(path, ["ranking": JSONValue(order)], match: "\"v0\"")
            #expect(put.status == .ok)
            let saved = try await scene.submit(["place-\(ids[1])": "1", "save": "1"], version: 1)
            #expect(saved.status == .seeOther)
            let after = try await scene.ranking()
            #expect(after["ranking"] == JSONValue([[ids[1]], [ids[3]]]))
            // A number for somebody unseen does nothing.
            let forged = try await scene.submit(["place-\(ids[3])": "1", "save": "1"], version: 2)
            #expect(forged.status == .seeOther)
            let last = try await scene.ranking()
            #expect(last["ranking"] == JSONValue([[ids[3]]]))
        }
    }

    @Test func afterTheDeadlineItIsReadOnly() async throws {
        try await Self.run { scene in
            let id = scene.applicants[0]
            _ = try await scene.submit(["place-\(id)": "1", "save": "1"])
            try await scene.office.passDeadline(scene.scene.cohort)
            let page = try await scene.office.page(scene.link).text
            #expect(page.contains("Place: 1"))
            #expect(!page.contains("<form"))
            let late = try await scene.submit(["save": "1"], version: 1)
            #expect(late.status == .conflict)
            #expect(try await scene.ranking()["version"] == 1)
        }
    }

    @Test func theLinkOfOneFirmOpensNothingOfAnothers() async throws {
        try await Self.run { scene in
            let office = scene.office
            let cohort = try await office.cohort(Office.draft("other"))
            let stranger = try await office.firms(cohort, [1])[0]
            let link = office.expect(.ok, try await office.get("/firms/\(stranger)/link"))["link"].string
            let own = scene.scene.position
            #expect(try await office.client.send(.get, "\(Office.path(link))?position=\(own)").status == .notFound)
            let form = ["position": own, "version": "0", "place-\(scene.applicants[0])": "1", "save": "1"]
            #expect(try await office.client.submit(Office.path(link), form: form).status == .notFound)
            #expect(try await scene.ranking()["version"] == 0)
            // An applicant's id as a firm's, a firm's id as an applicant's, another tenant's key.
            let (tenant, other) = (office.service.tenant.id, office.service.otherTenant.id)
            let firm = try #require(UUID(uuidString: scene.scene.firm))
            let applicant = try #require(UUID(uuidString: scene.applicants[0]))
            for (purpose, subject, tenant) in [
                ("firm", applicant, tenant), ("ranking", firm, tenant), ("result", firm, tenant), ("firm", firm, other),
            ] {
                let link = try await office.service.links.sign(tenant: tenant, purpose: purpose, subject: subject)
                #expect(try await office.page("/matchmaking/l/\(link)").status == .notFound)
                let posted = try await office.client.submit("/matchmaking/l/\(link)", form: ["position": own])
                #expect(posted.status.kind == .clientError)
            }
        }
    }

    @Test(arguments: LanguageTag.supported)
    func itSpeaksTheReadersLanguage(_ language: LanguageTag) async throws {
        try await Self.run { scene in
            let page = try await scene.office.page(scene.link, lang: language.description)
            #expect(page.text.contains("<html lang=\"\(language)\""))
            let words = try Words(language)
            for key in [
                "firm.intro", "firm.save", "firm.propose", "firm.certify", "firm.uncertified", "firm.mark.hint",
            ] {
                #expect(page.text.contains(words[key]), "\(key)")
            }
            #expect(page.text.contains(words["firm.up", ["name": "Student 1"]]))
        }
    }
}
