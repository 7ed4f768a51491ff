import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

@Suite("Runs compared over the API")
struct ComparisonAPITests {
    @Test func aRunThatRepeatsAnotherMovesNobody() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let (first, second) = (try await office.run(cohort), try await office.run(cohort))
            let path = "/rounds/\(first["id"].string)/comparison?with=\(second["id"].string)"
            let body = office.expect(.ok, try await office.get(path))
            #expect(body["moved"] == 0 && body["gained"] == 0 && body["lost"] == 0 && body["moves"] == [])
            #expect(body["before"]["round"] == first["id"] && body["after"]["round"] == second["id"])
            #expect(body["before"]["runId"] == body["after"]["runId"])
            #expect(body["universities"][0]["applicants"] == 3 && body["universities"][0]["placedAfter"] == 2)
            #expect(body["firms"].items.map(\.["before"]["filled"]) == [1, 1])
        }
    }

    @Test func oneMorePlaceIsComputedAndNotStored() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)
            let path = "/rounds/\(round["id"].string)/what-if"
            let before = try await office.get(cohort).body
            let more: JSONValue = ["capacities": [["firm": .init(firms[0]), "capacity": 2]]]
            let body = office.expect(.ok, try await office.post(path, more))
            // Applicant 0 goes from the second choice to the first. Nobody else can have firm 1.
            #expect(body["moves"].items.count == 1)
            #expect(body["moves"][0]["applicant"].string == applicants[0])
            #expect(body["moves"][0]["before"] == ["firm": .init(firms[1]), "choice": 2])
            #expect(body["moves"][0]["after"] == ["firm": .init(firms[0]), "choice": 1])
            #expect(body["moves"][0]["effect"] == "better")
            #expect(body["gained"] == 1 && body["lost"] == 0)
            #expect(body["before"]["rankProfile"][0]["applicants"] == 1)
            #expect(body["after"]["rankProfile"][0]["applicants"] == 2)
            #expect(body["after"]["round"] == nil && body["after"]["seats"] == 3)
            #expect(body["firms"][0]["after"]["capacity"] == 2 && body["firms"][0]["came"] == 1)
            let less = try await office.post(path, ["capacities": [["firm": .init(firms[1]), "capacity": 0]]]).json
            #expect(less["moves"][0]["effect"] == "unplaced" && less["lost"] == 1 && less["moves"][0]["after"] == nil)
            #expect(try await office.get(cohort).body == before)
            #expect(try await office.get("\(cohort)/rounds").json["items"].items.count == 1)
        }
    }

    @Test func aCapCostsThoseItKeepsOut() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [2])[0]
            let crowd = try await office.applicants(cohort, 2, university: "crowd").map(\.id)
            let single = try await office.applicants(cohort, 1, university: "single").map(\.id)[0]
            try await office.importRankings(
                cohort,
                applicants: Dictionary(uniqueKeysWithValues: (crowd + [single]).map { ($0, [[firm]]) }),
                firms: [firm: [[crowd[0]], [crowd[1]], [single]]]
            )
            let path = "/rounds/\(try await office.run(cohort)["id"].string)/what-if"
            let body = office.expect(
                .ok,
                try await office.post(path, ["caps": [["category": "university:crowd", "maximum": 1]]])
            )
            let effects = body["moves"].items.map { [$0["applicant"].string, $0["effect"].string] }
            #expect(effects == [[crowd[1], "unplaced"], [single, "placed"]])
            #expect(body["universities"].items.map(\.["placedAfter"]) == [1, 1])
            #expect(body["after"]["blockingPairs"] == 0)
            let unknown: JSONValue = [
                "caps": [
                    ["category": "university:none", "maximum": 1], ["category": "economy:VN", "maximum": -1],
                    ["category": "economy:VN", "maximum": 1],
                ]
            ]
            #expect(
                try await office.post(path, unknown).problem?.pointers == [
                    "/caps/0/category", "/caps/1/maximum", "/caps/2/category",
                ]
            )
            #expect(try await office.post(path, [:]).problem?.pointers == ["/capacities"])
        }
    }

    @Test func eachFirmInTurn() async throws {
        try await Office.run { office in
            let (cohort, firms, _) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)
            let values = office.expect(.ok, try await office.get("/rounds/\(round["id"].string)/seat-values"))["items"]
            #expect(values.items.map(\.["firm"].string) == firms)
            #expect(values.items.map(\.["placed"]) == [2, 2])
            #expect(values.items.map(\.["placedWithOneMore"]) == [2, 2])
            #expect(values.items.map(\.["placedWithOneLess"]) == [1, 1])
        }
    }

    @Test func whatCannotBeComparedIsRefused() async throws {
        try await Office.run { office in
            let (cohort, firms, _) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)["id"].string
            for query in ["", "?with=x"] {
                #expect(
                    try await office.get("/rounds/\(round)/comparison\(query)").problem?.pointers == ["/query/with"]
                )
            }
            #expect(try await office.get("/rounds/\(round)/comparison?with=\(UUID())").problem?.status == 404)
            let other = try await office.cohort(Office.draft("spring"))
            let wanted = try await office.firms(other, [1])
            let person = try await office.applicants(other, 1)[0].id
            try await office.importRankings(other, applicants: [person: [wanted]], firms: [wanted[0]: [[person]]])
            let stranger = try await office.run(other)["id"].string
            #expect(
                try await office.get("/rounds/\(round)/comparison?with=\(stranger)").problem?.pointers == [
                    "/query/with"
                ]
            )
            let path = "/rounds/\(round)/what-if"
            let bodies: [(JSONValue, [String])] = [
                (["capacities": []], ["/capacities"]),
                (["capacities": [["firm": .init(wanted[0]), "capacity": 1]]], ["/capacities/0/firm"]),
                (["capacities": [["firm": .init(firms[0]), "capacity": -1]]], ["/capacities/0/capacity"]),
                (
                    [
                        "capacities": [
                            ["firm": .init(firms[0]), "capacity": 1], ["firm": .init(firms[0]), "capacity": 2],
                        ]
                    ], ["/capacities/1/firm"]
                ),
            ]
            for (body, pointers) in bodies {
                #expect(try await office.post(path, body).problem?.pointers == pointers)
            }
            #expect(try await office.post(path, ["capacity": 1]).problem?.status == 422)
        }
    }

    /// A run of lists that are not there any more is not compared with what comes of those that are.
    @Test func aRunOfAnotherStateIsNotRepeated() async throws {
        try await Office.run { office in
            let (cohort, firms, _) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)["id"].string
            try await office.service.database.execute("UPDATE matchmaking.firms SET capacity = 7")
            let body: JSONValue = ["capacities": [["firm": .init(firms[0]), "capacity": 2]]]
            #expect(try await office.post("/rounds/\(round)/what-if", body).problem?.type == "run-outdated")
            #expect(try await office.get("/rounds/\(round)/seat-values").problem?.type == "run-outdated")
        }
    }
}
