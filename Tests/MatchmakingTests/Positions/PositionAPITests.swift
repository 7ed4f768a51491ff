import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Positions over the API")
struct PositionAPITests {
    @Test func aFirmWithoutPositionsIsItsOnePosition() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [2, 1])
            let described = try await office.positions(cohort, firms[1], [Office.position("web", places: 3)])
            let list = office.expect(.ok, try await office.get("\(cohort)/positions"))["items"].items
            #expect(list.map(\.["id"].string) == [firms[0], described[0]])
            #expect(list.map(\.["firm"].string) == firms)
            #expect(list.map(\.["places"]) == [2, 3])
            #expect(list[0]["code"] == nil)
            #expect(list[1]["title"] == ["en": "Position web", "zh-Hant": "職位 web"])
            #expect(try await office.get("/positions/\(firms[0])").json == list[0])
            #expect(try await office.get("/positions/\(described[0])").json == list[1])
            // Not its one position any more.
            #expect(try await office.get("/positions/\(firms[1])").status == .notFound)
        }
    }

    @Test func faultsOfADescriptionAreNamed() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let criterion: JSONValue = ["code": "x", "name": ["en": "X"], "weight": 0, "maximum": 0]
            let bodies: JSONValue = [
                "positions": [
                    Office.position("a", places: -1), Office.position("a"),
                    Office.position("b", ["criteria": [criterion, criterion]]),
                ]
            ]
            let path = "\(cohort)/firms/\(firm)/positions"
            #expect(
                try await office.post(path, bodies).problem?.pointers == [
                    "/positions/0/places", "/positions/2/criteria/0/weight", "/positions/2/criteria/0/maximum",
                    "/positions/2/criteria/1/code", "/positions/2/criteria/1/weight", "/positions/2/criteria/1/maximum",
                ]
            )
            let twice: JSONValue = ["positions": [Office.position("a"), Office.position("a")]]
            #expect(try await office.post(path, twice).problem?.pointers == ["/positions/1/code"])
            #expect(try await office.post("\(cohort)/firms/\(UUID())/positions", twice).status == .notFound)
        }
    }

    @Test func aPositionIsChangedAgainstItsVersion() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let ids = try await office.positions(cohort, firm, [Office.position("a"), Office.position("b")])
            let path = "/positions/\(ids[0])"
            #expect(
                try await office.put(path, Office.position("a", places: 7), match: "\"v9\"").status
                    == .preconditionFailed
            )
            let taken = try await office.put(path, Office.position("b"), match: "\"v1\"")
            #expect(taken.problem?.pointers == ["/code"])
            let body = Office.position("c", places: 7, ["location": "taipei", "text": ["en": "Long\ntext"]])
            let changed = office.expect(.ok, try await office.put(path, body, match: "\"v1\""))
            #expect(changed["places"] == 7)
            #expect(changed["location"] == "taipei")
            #expect(changed["version"] == 2)
            #expect(try await office.get(path).json == changed)
            let actions = try await office.audit(cohort).map(\.["action"].string)
            #expect(actions.suffix(2) == ["positions.described", "position.changed"])
        }
    }

    @Test func aFirmThatIsOnAListKeepsBeingOnePosition() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let applicant = try await office.applicants(cohort, 1)[0].id
            #expect(try await office.rank(cohort, applicant, [[firm]]).status == .ok)
            let answer = try await office.post(
                "\(cohort)/firms/\(firm)/positions",
                ["positions": [Office.position("a")]]
            )
            #expect(answer.problem?.type == "firm-ranked")
        }
    }

    @Test func whoIsNotEligibleCannotChooseAPosition() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let limits: [(String, JSONValue)] = [
                ("economies", ["MY"]), ("universities", ["nus"]), ("disciplines", ["ict"]), ("platforms", ["ebay"]),
            ]
            let ids = try await office.positions(
                cohort,
                firm,
                limits.map { Office.position($0.0, ["eligibility": .object([$0.0: $0.1])]) } + [Office.position("open")]
            )
            let applicants = try await office.applicants(cohort, 2).map(\.id)
            let all = ids.map { [$0] }
            let answer = try await office.rank(cohort, applicants[0], Array(all.prefix(3)))
            #expect(answer.status == .unprocessableContent)
            #expect(answer.problem?.pointers == ["/ranking/0/0", "/ranking/1/0", "/ranking/2/0"])
            #expect(answer.text.contains("is not open to the applicant's economy"))
            #expect(try await office.rank(cohort, applicants[0], [all[3]]).problem?.pointers == ["/ranking/0/0"])
            #expect(try await office.rank(cohort, applicants[0], [all[4]]).status == .ok)
            // What is known of an applicant opens positions.
            try await office.profiles(cohort, [["applicant": .init(applicants[1]), "discipline": "ict"]])
            #expect(try await office.rank(cohort, applicants[1], [all[2], all[4]]).status == .ok)
            // The import asks the same.
            let tag = try await office.get(cohort).headers[.eTag]
            let body: JSONValue = [
                "applicants": [["applicant": .init(applicants[0]), "ranking": .init([all[4], all[2]])]], "firms": [],
            ]
            let imported = try await office.put("\(cohort)/rankings", body, match: tag)
            #expect(imported.problem?.pointers == ["/applicants/0/ranking/1/0"])
        }
    }

    @Test func theRankingPageOffersWhatIsOpenOnly() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let closed = Office.position("closed", ["eligibility": ["economies": ["MY"]]])
            let ids = try await office.positions(cohort, firm, [Office.position("open", places: 4), closed])
            let link = try await office.applicants(cohort, 1, language: "en")[0].link
            let page = try await office.page(link)
            #expect(page.text.contains("value=\"\(ids[0])\""))
            #expect(page.text.contains("Firm 0 – Position open"))
            #expect(!page.text.contains(ids[1]))
            let form = ["version": "0", "choice1": ids[1]]
            #expect(try await office.client.submit(Office.path(link), form: form).status == .unprocessableContent)
        }
    }

    @Test func positionsAreFilledAndTold() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [5, 1])
            let ids = try await office.positions(cohort, firms[0], [Office.position("web"), Office.position("ai")])
            let applicants = try await office.applicants(cohort, 3, language: "en").map(\.id)
            let tag = try await office.get(cohort).headers[.eTag]
            let both = [[applicants[0]], [applicants[1]], [applicants[2]]]
            let body: JSONValue = [
                "applicants": .array(
                    applicants.map { ["applicant": .init($0), "ranking": .init([[ids[0]], [ids[1]], [firms[1]]])] }
                ), "firms": [["firm": .init(firms[1]), "ranking": .init(both)]],
                "positions": .array(ids.map { ["position": .init($0), "ranking": .init(both)] }),
            ]
            let answer = office.expect(.ok, try await office.put("\(cohort)/rankings", body, match: tag))
            #expect(answer == ["applicants": 3, "firms": 1, "positions": 2])
            // A firm with positions is not ranked, nor does it rank, as a whole.
            let whole = try await office.put("\(cohort)/firms/\(firms[0])/ranking", ["ranking": []], match: "\"v0\"")
            #expect(whole.problem?.type == "has-positions")
            let round = try await office.run(cohort)
            #expect(round["placed"] == 3)
            #expect(round["firms"].items.map(\.["capacity"]) == [2, 1])
            #expect(round["firms"].items.map(\.["filled"]) == [2, 1])
            #expect(round["firms"][0]["positions"].items.map(\.["position"].string) == ids)
            #expect(round["firms"][0]["positions"].items.map(\.["cutOff"]["rank"]) == [1, 2])
            let id = round["id"].string
            let placements = try await office.placements(id)
            #expect(applicants.map { placements[$0]?["position"].string } == [ids[0], ids[1], ""])
            #expect(applicants.map { placements[$0]?["firm"].string } == [firms[0], firms[0], firms[1]])
            _ = office.expect(.created, try await office.post("/rounds/\(id)/publication", [:]))
            let told = try await office.inbox.read().placements
            #expect(
                told.compactMap { $0.firm?[.traditionalChinese] }.sorted() == ["企業 0 – 職位 ai", "企業 0 – 職位 web", "企業 1"]
            )
            let page = try await office.page(try await office.resultLink(applicants[1]))
            #expect(page.text.contains("You have a place at Firm 0 – Position ai."))
            let offers = try await office.offers(of: cohort).byApplicant
            #expect(offers[applicants[0]]?["position"].string == ids[0])
            // A place given back is offered again for the same position.
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[0]]), "decline"))
            let unfilled = try await office.get("\(cohort)/exports/unfilled.csv").text
            #expect(unfilled.contains("\(firms[0]),firm-0/web,1,1"))
            #expect(!unfilled.contains("firm-0/ai"))
        }
    }

    @Test func whoLosesEligibilityIsToldSo() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let id = try await office.positions(cohort, firm, [Office.position("web")])[0]
            let applicant = try await office.applicants(cohort, 1, language: "en")[0].id
            #expect(try await office.rank(cohort, applicant, [[id]]).status == .ok)
            let ranking: JSONValue = ["ranking": .init([[applicant]])]
            #expect(try await office.put("/positions/\(id)/ranking", ranking, match: "\"v0\"").status == .ok)
            let closed = Office.position("web", ["eligibility": ["universities": ["other"]]])
            #expect(try await office.put("/positions/\(id)", closed, match: "\"v1\"").status == .ok)
            let round = try await office.run(cohort)
            #expect(round["placed"] == 0)
            _ = try await office.post("/rounds/\(round["id"].string)/publication", [:])
            let result = office.expect(.ok, try await office.get("/applicants/\(applicant)/result"))
            #expect(result["steps"][0]["outcome"] == "ineligible")
            #expect(result["steps"][0]["position"].string == id)
            let page = try await office.page(result["resultLink"].string)
            #expect(page.text.contains("Firm 0 – Position web: this position is not open to you."))
        }
    }
}
