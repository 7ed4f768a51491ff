import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite("The page with a student's result")
struct ResultPageTests {
    /// One firm for each way in which a wish can end, and a student who meets them all before being placed.
    struct Scene: Sendable {
        let office: Office
        let cohort: String
        let round: String
        /// Placed at the last of their choices; without a place; placed at their first choice; an empty list.
        let walker, unlucky, first, silent: String
        let seed: String
    }

    static func run(
        language: String = "en",
        publishes: Bool = true,
        _ body: @escaping @Sendable (Scene) async throws -> Void
    ) async throws {
        try await Office.run { office in
            var draft = Office.draft()
            draft["maximumChoices"] = 5
            let cohort = try await office.cohort(draft)
            let firms = try await office.firms(cohort, [1, 1, 0, 1, 5])
            let ids = try await office.applicants(cohort, 6, language: language).map(\.id)
            let (walker, unlucky, first, silent) = (ids[0], ids[1], ids[2], ids[3])
            try await office.importRankings(
                cohort,
                applicants: [
                    walker: firms.map { [$0] }, unlucky: [[firms[0]]], first: [[firms[0]]], ids[4]: [[firms[3]]],
                    ids[5]: [[firms[1]]],
                ],
                firms: [
                    firms[0]: [[first], [unlucky], [walker]], firms[1]: [[ids[5]]], firms[2]: [[walker]],
                    firms[3]: [[ids[4], walker]], firms[4]: [[walker], [silent]],
                ]
            )
            let round = try await office.run(cohort)["id"].string
            if publishes { _ = try await office.post("/rounds/\(round)/publication", [:]) }
            let seed = try await office.get(cohort).json["lottery"]["seed"].string
            try await body(
                Scene(
                    office: office,
                    cohort: cohort,
                    round: round,
                    walker: walker,
                    unlucky: unlucky,
                    first: first,
                    silent: silent,
                    seed: seed
                )
            )
        }
    }

    static func page(_ scene: Scene, _ applicant: String, lang: String? = nil) async throws -> String {
        let link = try await scene.office.get("/applicants/\(applicant)/result").json["resultLink"].string
        let page = try await scene.office.page(link, lang: lang)
        #expect(page.status == .ok)
        #expect(page.headers[.cacheControl] == "no-store")
        return page.text
    }

    @Test func itWalksDownTheList() async throws {
        try await Self.run { scene in
            let text = try await Self.page(scene, scene.walker)
            #expect(text.contains("<h1>Your result: Autumn intake</h1>"))
            let steps = try #require(text.components(separatedBy: "<ol>").last?.components(separatedBy: "</ol>").first)
            let lines = steps.split(separator: "\n").map(String.init)
            // The lottery decides whether the fourth choice is the place or the fifth.
            #expect(lines.count == 4 || lines.count == 5)
            #expect(
                lines[0].contains(
                    "value=\"1\">Firm 0: you were number 3 on the firm&#39;s list; the last of its 1 places went to number 1."
                )
            )
            #expect(lines[1].contains("value=\"2\">Firm 1: the firm did not rank you."))
            #expect(lines[2].contains("value=\"3\">Firm 2: the firm had no places to give."))
            #expect(lines[3].contains("value=\"4\">Firm 3: you"))
            let check = StabilityCheck(applicants: [:], firms: [:], capacities: [:], seed: scene.seed)
            #expect(text.contains("<code>\(check.lottery(scene.walker))</code>"))
            #expect(text.contains("<code>\(scene.seed)</code>"))
            #expect(!text.contains("<script"))
        }
    }

    @Test func theLotteryIsExplainedToWhomItDecidedAgainst() async throws {
        try await Self.run { scene in
            let result = try await scene.office.get("/applicants/\(scene.walker)/result").json
            let text = try await Self.page(scene, scene.walker)
            let decided = result["steps"][3]
            if decided["outcome"] == "lottery" {
                #expect(text.contains("Firm 3: you were number 1 on the firm&#39;s list, and so was the last"))
                #expect(
                    text.contains(
                        "your number is \(result["lotteryNumber"].string), theirs is \(decided["lastLottery"].string)"
                    )
                )
                #expect(text.contains("<strong>You have a place at Firm 4.</strong> It is choice 5 on your list."))
            } else {
                #expect(decided["outcome"] == "placed")
                #expect(text.contains("<strong>You have a place at Firm 3.</strong> It is choice 4 on your list."))
            }
        }
    }

    @Test func whoHasNoPlaceIsToldWhatWouldHaveHelped() async throws {
        try await Self.run { scene in
            let text = try await Self.page(scene, scene.unlucky)
            #expect(text.contains("<strong>You have no place in this round.</strong>"))
            #expect(text.contains("Firm 0: you were number 2 on the firm&#39;s list"))
            #expect(text.contains("At Firm 0, number 1 or better on the firm&#39;s list would have been enough"))
            let silent = try await Self.page(scene, scene.silent)
            #expect(silent.contains("You had not ranked any firm."))
            #expect(silent.contains("If Firm 4 had been on your list, you would have got a place there."))
        }
    }

    @Test func whoGotTheFirstChoiceNeedsNoAdvice() async throws {
        try await Self.run { scene in
            let text = try await Self.page(scene, scene.first)
            #expect(text.contains("<strong>You have a place at Firm 0.</strong> It is choice 1 on your list."))
            #expect(!text.contains("What would have helped"))
        }
    }

    @Test func beforePublicationItSaysNotYet() async throws {
        try await Self.run(publishes: false) { scene in
            let id = try #require(UUID(uuidString: scene.first))
            let signed = try await scene.office.service.links.sign(
                tenant: scene.office.service.tenant.id,
                purpose: "result",
                subject: id
            )
            let page = try await scene.office.page("/matchmaking/l/\(signed)")
            #expect(page.status == .ok)
            #expect(page.text.contains("Results are not published yet."))
            #expect(!page.text.contains("Firm 0"))
            let seed = try await scene.office.service.database.query("SELECT lottery_seed FROM matchmaking.cohorts")
            #expect(!page.text.contains(try #require(seed.first).decode(String.self)))
        }
    }

    @Test(arguments: LanguageTag.supported)
    func itSpeaksTheStudentsLanguage(_ language: LanguageTag) async throws {
        try await Self.run(language: language.description) { scene in
            let words = try Words(language)
            let firm = language == .traditionalChinese ? "企業" : "Firm"
            let walker = try await Self.page(scene, scene.walker)
            #expect(walker.contains("<html lang=\"\(language)\""))
            let values = ["firm": "\(firm) 0", "rank": "3", "last": "1", "places": "1"]
            #expect(walker.contains(words["result.step.full", values]))
            #expect(walker.contains(words["result.step.notRanked", ["firm": "\(firm) 1"]]))
            #expect(walker.contains(words["result.step.noSeats", ["firm": "\(firm) 2"]]))
            let unlucky = try await Self.page(scene, scene.unlucky)
            #expect(unlucky.contains(words["result.unplaced"]))
            #expect(unlucky.contains(words["result.change.rank", ["firm": "\(firm) 0", "rank": "1"]]))
            let silent = try await Self.page(scene, scene.silent)
            #expect(silent.contains(words["result.change.listing", ["firm": "\(firm) 4"]]))
            for text in [walker, unlucky, silent] {
                #expect(!text.contains("{") && !text.contains("}"))
            }
        }
    }
}
