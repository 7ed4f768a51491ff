import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Publication of a round")
struct PublicationTests {
    @Test func everybodyIsToldOnce() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants) = try await RoundAPITests.contest(office)
            let id = try await office.run(cohort)["id"].string
            #expect(try await office.inbox.read().placements.isEmpty)
            let first = office.expect(.created, try await office.post("/rounds/\(id)/publication", [:]))
            #expect(first["round"].string == id)
            let again = office.expect(.ok, try await office.post("/rounds/\(id)/publication", [:]))
            #expect(again == first)

            let inbox = try await office.inbox.read()
            #expect(inbox.rounds.map(\.roundID.description) == [id])
            #expect(inbox.rounds.map(\.placed) == [2])
            #expect(inbox.rounds.map(\.unplaced) == [1])
            #expect(inbox.placements.count == 3)
            #expect(inbox.tenants == [office.service.tenant.id])
            let told = Dictionary(uniqueKeysWithValues: inbox.placements.map { ($0.applicantID.description, $0) })
            #expect(told[applicants[0]]?.firm?[.traditionalChinese] == "企業 1")
            #expect(told[applicants[1]]?.firm?[.english] == "Firm 0")
            #expect(told[applicants[2]]?.firm == nil)
            #expect(told[applicants[2]]?.recipient.email.description == "ntu-2@example.org")
            #expect(told[applicants[0]]?.roundID.description == id)
            #expect(firms.count == 2)
        }
    }

    @Test func onlyOneRoundIsPublished() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let first = try await office.run(cohort)["id"].string
            let second = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(first)/publication", [:]))
            let other = try await office.post("/rounds/\(second)/publication", [:])
            #expect(other.status == .conflict)
            #expect(other.problem?.type == "already-published")
            #expect(try await office.inbox.read().rounds.count == 1)
            let rerun = try await office.post("\(cohort)/rounds", ["closesEarly": true])
            #expect(rerun.problem?.type == "already-published")
            #expect(try await office.post("/rounds/\(UUID())/publication", [:]).problem?.status == 404)
        }
    }

    @Test func theSeedIsShownFromThenOn() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let before = try await office.run(cohort)
            let id = before["id"].string
            let other = try await office.run(cohort)["id"].string
            _ = try await office.post("/rounds/\(id)/publication", [:])
            let round = try await office.get("/rounds/\(id)").json
            #expect(round["state"] == "published")
            #expect(round["publishedAt"] != nil)
            #expect(round["seed"].string.count == 64)
            let read = try await office.get(cohort).json
            #expect(read["state"] == "published")
            #expect(read["lottery"]["seed"] == round["seed"])
            #expect(read["lottery"]["commitment"] == before["seedHash"])
            // The other run stays what it was.
            #expect(try await office.get("/rounds/\(other)").json["state"] == "tentative")
        }
    }

    @Test func resultsAreThereOnlyAfterwards() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants) = try await RoundAPITests.contest(office)
            func result(_ id: String) async throws -> TestResponseJSON {
                let response = try await office.get("/applicants/\(id)/result")
                return .init(status: response.status, type: response.problem?.type, json: response.json)
            }
            #expect(try await result(applicants[0]).type == "not-published")
            let id = try await office.run(cohort)["id"].string
            #expect(try await result(applicants[0]).type == "not-published")
            #expect(try await result(applicants[0]).status == .notFound)
            #expect(try await result(UUID().uuidString).type == "not-found")
            _ = try await office.post("/rounds/\(id)/publication", [:])

            let placed = try await result(applicants[0]).json
            #expect(placed["firm"].string == firms[1])
            #expect(placed["choice"] == 2)
            #expect(placed["round"].string == id)
            #expect(
                placed["steps"] == [
                    ["choice": 1, "firm": .init(firms[0]), "outcome": "full", "rank": 2, "lastRank": 1],
                    ["choice": 2, "firm": .init(firms[1]), "outcome": "placed"],
                ]
            )
            #expect(placed["change"] == ["kind": "better-rank", "firm": .init(firms[0]), "rank": 1])
            let unplaced = try await result(applicants[2]).json
            #expect(unplaced["firm"] == nil)
            #expect(unplaced["choice"] == nil)
            #expect(unplaced["steps"].items.map(\.["rank"]) == [3])
        }
    }

    struct TestResponseJSON {
        let status: HTTPResponse.Status
        let type: String?
        let json: JSONValue
    }
}
