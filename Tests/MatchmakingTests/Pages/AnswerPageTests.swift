import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

@Suite("Answering on the result page")
struct AnswerPageTests {
    struct Scene: Sendable {
        let office: Office
        let cohort: String
        let applicants: [String]
        let link: String
        let offer: JSONValue

        func submit(_ fields: [String: String]) async throws -> TestResponse {
            let form = ["offer": offer["id"].string].merging(fields) { $1 }
            return try await office.client.submit(Office.path(link) + "?lang=en", form: form)
        }

        func state() async throws -> String {
            try await office.get("/offers/\(offer["id"].string)").json["state"].string
        }

        func page() async throws -> String { try await office.page(link, lang: "en").text }
    }

    static func run(_ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let link = try await office.resultLink(applicants[0])
            let offer = try #require(try await office.offers(of: cohort).byApplicant[applicants[0]])
            try await body(
                Scene(office: office, cohort: cohort, applicants: applicants, link: link, offer: offer)
            )
        }
    }

    @Test func itOffersEveryAnswerWithoutScript() async throws {
        try await Self.run { scene in
            let page = try await scene.page()
            #expect(page.contains("You have a place at Firm 1."))
            #expect(page.contains("Please answer by"))
            #expect(page.contains("Taipei"))
            for answer in ["accept", "defer", "decline"] {
                #expect(page.contains("<button type=\"submit\" name=\"answer\" value=\"\(answer)\""))
            }
            #expect(page.components(separatedBy: "name=\"offer\" value=\"\(scene.offer["id"].string)\"").count == 4)
            #expect(page.contains("<label for=\"sure\">Yes, I give up this place</label>"))
            #expect(!page.contains("<script"))
            let unplaced = try await scene.office.page(scene.office.resultLink(scene.applicants[2]), lang: "en").text
            #expect(!unplaced.contains("name=\"answer\""))
        }
    }

    @Test func acceptingIsOneTapAndShown() async throws {
        try await Self.run { scene in
            let answer = try await scene.submit(["answer": "accept"])
            #expect(answer.status == .seeOther)
            let location = try #require(answer.headers[.location])
            #expect(location == Office.path(scene.link) + "?saved=1&lang=en")
            let page = try await scene.office.client.send(.get, location).text
            #expect(page.contains("<p class=\"notice good\" role=\"status\">Your answer is recorded.</p>"))
            #expect(page.contains("You have accepted this place."))
            #expect(!page.contains("name=\"answer\""))
            #expect(try await scene.state() == "accepted")
            let entry = try #require(try await scene.office.audit(scene.cohort).last)
            #expect(entry["actor"].string == "applicant:\(scene.applicants[0])")
            // A second tap, and a later change of mind.
            #expect(try await scene.submit(["answer": "accept"]).status == .seeOther)
            let late = try await scene.submit(["answer": "decline", "sure": "yes"])
            #expect(late.status == .conflict)
            #expect(late.text.contains("Your place has changed in the meantime"))
            #expect(try await scene.state() == "accepted")
            #expect(try await scene.office.inbox.read().accepted.count == 1)
        }
    }

    @Test func decliningNeedsASecondSign() async throws {
        try await Self.run { scene in
            let unsure = try await scene.submit(["answer": "decline"])
            #expect(unsure.status == .unprocessableContent)
            #expect(unsure.text.contains("tick the box as well"))
            #expect(try await scene.state() == "offered")
            #expect(try await scene.submit(["answer": "decline", "sure": "yes"]).status == .seeOther)
            #expect(try await scene.state() == "declined")
            let page = try await scene.page()
            #expect(
                page.contains("You have declined this place.") && page.contains("You were offered a place at Firm 1")
            )
            #expect(!page.contains("You have a place at") && !page.contains("<form"))
        }
    }

    @Test func whoAskedToStartLaterMayStillAnswer() async throws {
        try await Self.run { scene in
            #expect(try await scene.submit(["answer": "defer"]).status == .seeOther)
            let page = try await scene.page()
            #expect(page.contains("You have asked to start later."))
            #expect(page.contains("value=\"accept\"") && !page.contains("value=\"defer\""))
            #expect(try await scene.submit(["answer": "accept"]).status == .seeOther)
            #expect(try await scene.state() == "accepted")
        }
    }

    @Test func afterTheDeadlineThereIsNothingToPress() async throws {
        try await Self.run { scene in
            let past = Date(timeIntervalSinceNow: -1)
            try await scene.office.service.database.execute("UPDATE matchmaking.offers SET deadline = \(past)")
            let page = try await scene.page()
            #expect(page.contains("The deadline passed without your answer") && !page.contains("<form"))
            #expect(!page.contains("You have a place at"))
            let late = try await scene.submit(["answer": "accept"])
            #expect(late.status == .conflict)
            #expect(late.text.contains("The deadline has passed: nothing was changed."))
            #expect(try await scene.state() == "offered")
        }
    }

    @Test func aLinkAnswersItsOwnersOfferOnly() async throws {
        try await Self.run { scene in
            let other = try #require(try await scene.office.offers(of: scene.cohort).byApplicant[scene.applicants[1]])
            let answer = try await scene.submit(["answer": "accept", "offer": other["id"].string])
            #expect(answer.status == .conflict)
            #expect(try await scene.office.get("/offers/\(other["id"].string)").json["state"] == "offered")
            #expect(try await scene.state() == "offered")
            for wrong in ["", "maybe"] {
                #expect(try await scene.submit(["answer": wrong]).status == .unprocessableContent)
            }
            let unplaced = try await scene.office.resultLink(scene.applicants[2])
            let none = try await scene.office.client.submit(
                Office.path(unplaced),
                form: ["answer": "accept", "offer": scene.offer["id"].string]
            )
            #expect(none.status == .notFound)
            #expect(try await scene.state() == "offered")
        }
    }

    @Test(arguments: LanguageTag.supported)
    func itSpeaksTheReadersLanguage(_ language: LanguageTag) async throws {
        try await Self.run { scene in
            let words = try Words(language)
            let open = try await scene.office.page(scene.link, lang: language.description).text
            for key in [
                "result.offer.heading", "result.offer.accept", "result.offer.defer", "result.offer.defer.hint",
                "result.offer.decline.heading", "result.offer.decline.hint", "result.offer.sure",
                "result.offer.decline",
            ] {
                #expect(open.contains(words[key]), "\(key)")
            }
            for state in OfferState.allCases where state != .offered {
                try await scene.office.service.database.execute(
                    "UPDATE matchmaking.offers SET state = \(state.rawValue)"
                )
                let page = try await scene.office.page(scene.link, lang: language.description).text
                let start = words["result.offer.state.\(state.rawValue)"].components(separatedBy: "{")[0]
                #expect(page.contains(start) && !page.contains("{"), "\(state)")
            }
        }
    }
}
