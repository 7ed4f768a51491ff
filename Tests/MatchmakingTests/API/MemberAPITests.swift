import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Universities and firms over the API")
struct MemberAPITests {
    @Test func firmsAreAddedAndListed() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let ids = try await office.firms(cohort, [2, 0, 10_000])
            let listed = office.expect(.ok, try await office.get("\(cohort)/firms"))["items"]
            #expect(listed.items.map(\.["id"].string) == ids)
            #expect(listed.items.map(\.["capacity"]) == [2, 0, 10_000])
            #expect(listed[1]["name"] == ["en": "Firm 1", "zh-Hant": "企業 1"])
            let read = try await office.get(cohort)
            #expect(read.json["counts"]["firms"] == 3)
            #expect(read.json["counts"]["places"] == 10_002)
            #expect(read.headers[.eTag] == "\"v4\"")
            let page = office.expect(.ok, try await office.get("\(cohort)/firms?limit=2"))
            let next = office.expect(.ok, try await office.get("\(cohort)/firms?limit=2&cursor=\(page["next"].string)"))
            #expect(next["items"].items.map(\.["id"].string) == [ids[2]])
        }
    }

    @Test func universitiesAreAddedAndListed() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let body: JSONValue = [
                "universities": [
                    ["code": "ntu", "name": ["en": "Taiwan"]], ["code": "nthu", "name": ["en": "Tsing Hua"]],
                ]
            ]
            let answer = office.expect(.created, try await office.post("\(cohort)/universities", body))
            let listed = office.expect(.ok, try await office.get("\(cohort)/universities"))["items"]
            #expect(listed == answer["universities"])
            #expect(listed.items.map(\.["code"]) == ["ntu", "nthu"])
            #expect(try await office.get(cohort).json["counts"]["universities"] == 2)
        }
    }

    @Test func oneFaultKeepsAllOut() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.firms(cohort, [1])
            func firm(_ code: JSONValue, _ capacity: JSONValue = 1) -> JSONValue {
                ["code": code, "name": ["en": "Firm"], "capacity": capacity]
            }
            let bad: [([JSONValue], [String])] = [
                ([firm("a"), firm("a")], ["/firms/1/code"]), ([firm("a"), firm("firm-0")], ["/firms/1/code"]),
                ([firm("a", -1), firm("b", 10_001)], ["/firms/0/capacity", "/firms/1/capacity"]),
                ([firm("a"), firm("B")], ["/firms/1/code"]), ([firm("a", "many")], ["/firms/0/capacity"]),
                ([], ["/firms"]),
            ]
            for (firms, pointers) in bad {
                let answer = try await office.post("\(cohort)/firms", ["firms": .array(firms)])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.problem?.pointers == pointers)
            }
            #expect(try await office.get("\(cohort)/firms").json["items"].items.count == 1)

            let twice: JSONValue = ["code": "u", "name": ["en": "U"]]
            let universities = try await office.post("\(cohort)/universities", ["universities": [twice, twice]])
            #expect(universities.problem?.pointers == ["/universities/1/code"])
            _ = office.expect(.created, try await office.post("\(cohort)/universities", ["universities": [twice]]))
            let taken = try await office.post("\(cohort)/universities", ["universities": [twice]])
            #expect(taken.problem?.pointers == ["/universities/0/code"])
        }
    }

    @Test func tooManyAreRefused() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = (0...5000).map { number -> JSONValue in
                ["code": .init("f\(number)"), "name": ["en": "F"], "capacity": 1]
            }
            let answer = try await office.post("\(cohort)/firms", ["firms": .array(firms)])
            #expect(answer.problem?.pointers == ["/firms"])
            _ = office.expect(
                .created,
                try await office.post("\(cohort)/firms", ["firms": .array(Array(firms.dropLast()))])
            )
        }
    }

    @Test func nothingJoinsALockedCohort() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.firms(cohort, [1])
            _ = try await office.applicants(cohort, 1)
            _ = try await office.run(cohort)
            let firm: JSONValue = ["firms": [["code": "late", "name": ["en": "Late"], "capacity": 1]]]
            let university: JSONValue = ["universities": [["code": "late", "name": ["en": "Late"]]]]
            #expect(try await office.post("\(cohort)/firms", firm).problem?.type == "cohort-locked")
            #expect(try await office.post("\(cohort)/universities", university).problem?.type == "cohort-locked")
            let nomination: JSONValue = ["university": "ntu", "students": Office.students(1, prefix: "late")]
            #expect(try await office.post("\(cohort)/nominations", nomination).problem?.type == "cohort-locked")
        }
    }
}
