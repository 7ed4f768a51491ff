import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Rounds under rules")
struct RuledRoundTests {
    /// Students of two universities and economies who all want firm 0 first, which ranks them in this order.
    struct Scene: Sendable {
        let office: Office
        let cohort: String
        let firms: [String]
        /// Two of NTU from Vietnam, then two of NTHU from India.
        let applicants: [String]

        func publish() async throws -> JSONValue {
            let round = try await office.run(cohort)
            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            return round
        }

        func result(_ index: Int) async throws -> JSONValue {
            office.expect(.ok, try await office.get("/applicants/\(applicants[index])/result"))
        }

        func firmsOfAll() async throws -> [Int?] {
            var places: [Int?] = []
            for index in applicants.indices {
                let firm = try await result(index)["firm"].string
                places.append(firms.firstIndex(of: firm))
            }
            return places
        }
    }

    static func run(
        _ capacities: [Int] = [2, 1],
        rules: JSONValue,
        _ body: @escaping @Sendable (Scene) async throws -> Void
    ) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, capacities)
            var applicants: [String] = []
            for (university, economy) in [("ntu", "VN"), ("nthu", "IN")] {
                let universities: JSONValue = [
                    "universities": [["code": .init(university), "name": ["en": .init(university.uppercased())]]]
                ]
                _ = office.expect(.created, try await office.post("\(cohort)/universities", universities))
                let students = Office.students(2, prefix: university, language: "en").items.map { student in
                    var student = student
                    student["economy"] = .init(economy)
                    return student
                }
                let nomination: JSONValue = ["university": .init(university), "students": .array(students)]
                let made = office.expect(.created, try await office.post("\(cohort)/nominations", nomination))
                applicants += made["applicants"].items.map(\.["id"].string)
            }
            try await office.importRankings(
                cohort,
                applicants: Dictionary(uniqueKeysWithValues: applicants.map { ($0, firms.map { [$0] }) }),
                firms: Dictionary(uniqueKeysWithValues: firms.map { ($0, applicants.map { [$0] }) })
            )
            try await office.setRules(cohort, rules)
            try await body(Scene(office: office, cohort: cohort, firms: firms, applicants: applicants))
        }
    }

    @Test func aUniversityCapIsKeptAndExplained() async throws {
        let rules: JSONValue = ["caps": [["group": ["university": "ntu"], "maximum": 1]]]
        try await Self.run(rules: rules) { scene in
            let round = try await scene.publish()
            #expect(round["rulesVersion"] == 2 && round["blockingPairs"] == 0)
            // Firm 0 may take one of NTU only: its second place goes to the first of NTHU.
            #expect(try await scene.firmsOfAll() == [0, 1, 0, nil])
            let second = try await scene.result(1)
            #expect(second["steps"][0]["outcome"] == "cap-full")
            #expect(second["steps"][0]["group"] == ["university": "ntu"])
            #expect(second["steps"][1]["outcome"] == "placed")
            // Not the cap but the capacity kept the last out.
            let last = try await scene.result(3)
            #expect(last["steps"].items.map(\.["outcome"]) == ["full", "full"])
            let page = try await scene.office.page(second["resultLink"].string)
            #expect(page.text.contains("Firm 0: the firm may take only so many of one group (NTU)"))
            let entry = try #require(try await scene.office.audit(scene.cohort).first { $0["action"] == "round.run" })
            #expect(entry["after"]["rules"] == "2")
        }
    }

    @Test func aReserveIsKeptAndExplained() async throws {
        let rules: JSONValue = ["reserves": [["group": ["economy": "IN"], "seats": 1, "firms": ["firm-0"]]]]
        try await Self.run(rules: rules) { scene in
            let round = try await scene.publish()
            #expect(round["blockingPairs"] == 0)
            #expect(try await scene.firmsOfAll() == [0, 1, 0, nil])
            let second = try await scene.result(1)
            #expect(second["steps"][0]["outcome"] == "reserved")
            #expect(second["steps"][0]["group"] == ["economy": "IN"])
            let page = try await scene.office.page(second["resultLink"].string)
            #expect(page.text.contains("Firm 0: some places are kept for one group (India)"))
        }
    }

    @Test func firmsMayTakeOnlySoManyTogether() async throws {
        let rules: JSONValue = ["regions": [["code": "north", "firms": ["firm-0", "firm-1"], "maximum": 2]]]
        try await Self.run(rules: rules) { scene in
            _ = try await scene.publish()
            let places = try await scene.firmsOfAll()
            #expect(places.compactMap(\.self).count == 2)
            let unplaced = try #require(places.firstIndex(of: nil))
            let outcomes = try await scene.result(unplaced)["steps"].items
            #expect(outcomes.contains { $0["outcome"] == "region-full" && $0["region"] == "north" })
        }
    }

    @Test func aMinimumIsFilledOrFoundImpossible() async throws {
        try await Self.run(rules: ["minimums": [["firm": "firm-1", "seats": 1]]]) { scene in
            let round = try await scene.publish()
            #expect(round["firms"][1]["filled"] == 1 && round["blockingPairs"] == 0)
        }
    }

    @Test func theGoalDecidesWhoseBestItIs() async throws {
        for (goal, choice) in [("applicants-optimal", 1), ("firms-optimal", 2)] {
            try await Office.run { office in
                let cohort = try await office.cohort()
                let firms = try await office.firms(cohort, [1, 1])
                let applicants = try await office.applicants(cohort, 2).map(\.id)
                try await office.importRankings(
                    cohort,
                    applicants: [
                        applicants[0]: [[firms[0]], [firms[1]]], applicants[1]: [[firms[1]], [firms[0]]],
                    ],
                    firms: [
                        firms[0]: [[applicants[1]], [applicants[0]]], firms[1]: [[applicants[0]], [applicants[1]]],
                    ]
                )
                try await office.setRules(cohort, ["goal": .init(goal)])
                let round = try await office.run(cohort)["id"].string
                let placements = try await office.get("/rounds/\(round)/placements").json["items"].items
                #expect(placements.map(\.["choice"].int) == [choice, choice])
            }
        }
    }

    @Test func mostPlacedUsesTiesToPlaceMore() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1])
            let applicants = try await office.applicants(cohort, 2).map(\.id)
            // Both want firm 0, which is indifferent; only the first would go to firm 1 as well.
            try await office.importRankings(
                cohort,
                applicants: [applicants[0]: [[firms[0]], [firms[1]]], applicants[1]: [[firms[0]]]],
                firms: [firms[0]: [applicants], firms[1]: [[applicants[0]]]]
            )
            try await office.setRules(cohort, ["goal": "most-placed"])
            let round = try await office.run(cohort)
            #expect(round["placed"] == 2 && round["blockingPairs"] == 0)
        }
    }

    @Test func whomTheRulesKeepOutIsToldWhy() async throws {
        let rules: JSONValue = ["eligibility": ["economies": ["VN"]], "enrolment": "required"]
        try await Self.run(rules: rules) { scene in
            let office = scene.office
            let path = "/applicants/\(scene.applicants[1])/enrolment"
            _ = office.expect(.ok, try await office.put(path, ["enrolled": true]))
            _ = try await scene.publish()
            #expect(try await scene.firmsOfAll() == [nil, 0, nil, nil])
            #expect(try await scene.result(0)["excluded"] == "not-enrolled")
            #expect(try await scene.result(1)["excluded"] == nil)
            #expect(try await scene.result(2)["excluded"] == "not-eligible")
            let page = try await office.page(try await scene.result(0)["resultLink"].string)
            #expect(page.text.contains("your university had not confirmed that you are enrolled"))
        }
    }

    @Test func whatCantBeSolvedTogetherIsRefused() async throws {
        let rules: JSONValue = [
            "caps": [["group": ["university": "ntu"], "maximum": 1]],
            "reserves": [["group": ["economy": "VN"], "seats": 1]],
        ]
        // Categories that overlap, and of which neither lies within the other.
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [2])[0]
            let ntu = try await office.applicants(cohort, 1)[0].id
            let nthu = try await office.applicants(cohort, 1, university: "nthu")[0].id
            let body: JSONValue = [
                "university": "ntu",
                "students": [["name": "Ravi", "email": "ravi@example.org", "language": "en", "economy": "IN"]],
            ]
            let ravi = office.expect(.created, try await office.post("\(cohort)/nominations", body))["applicants"][0]
            let all = [ntu, nthu, ravi["id"].string]
            try await office.importRankings(
                cohort,
                applicants: Dictionary(uniqueKeysWithValues: all.map { ($0, [[firm]]) }),
                firms: [firm: all.map { [$0] }]
            )
            try await office.setRules(cohort, rules)
            let answer = try await office.post("\(cohort)/rounds", ["closesEarly": true])
            #expect(answer.status == .conflict && answer.problem?.type == "rules-unsolvable")
            // It is locked, and runs under rules that can be applied.
            try await office.setRules(cohort, ["caps": [["group": ["university": "ntu"], "maximum": 1]]])
            let round = office.expect(.created, try await office.post("\(cohort)/rounds", [:]))
            #expect(round["rulesVersion"] == 3 && round["placed"] == 2)
        }
    }

    @Test func aSupplementaryRoundKeepsToWhatIsLeftOfTheLimits() async throws {
        let rules: JSONValue = [
            "caps": [["group": ["university": "ntu"], "maximum": 1, "firms": ["firm-0"]]], "supplementaryRounds": 1,
        ]
        try await Self.run([2, 0], rules: rules) { scene in
            let office = scene.office
            _ = try await scene.publish()
            #expect(try await scene.firmsOfAll() == [0, nil, 0, nil])
            let offers = try await office.offers(of: scene.cohort).byApplicant
            let third = try #require(offers[scene.applicants[2]])
            _ = office.expect(.ok, try await office.answer(third, "decline"))
            // NTU's one place is held: the free place goes to NTHU's second, whom the firm ranks lower.
            let round = office.expect(.created, try await office.post("\(scene.cohort)/supplementary-rounds", [:]))
            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            #expect(try await scene.firmsOfAll() == [0, nil, 0, 0])
            let fourth = try #require(try await office.offers(of: scene.cohort).byApplicant[scene.applicants[3]])
            _ = office.expect(.ok, try await office.answer(fourth, "decline"))
            let more = try await office.post("\(scene.cohort)/supplementary-rounds", [:])
            #expect(more.problem?.type == "no-more-rounds")
        }
    }

    @Test func theTermsAreShownWithThePlace() async throws {
        let terms: JSONValue = [
            "text": ["en": "Tuition is paid by the city."], "yearsOfService": 2,
            "amounts": [["label": ["en": "Living allowance"], "minor": 1_000_050, "currency": "TWD", "per": "month"]],
        ]
        try await Self.run(rules: ["terms": terms]) { scene in
            _ = try await scene.publish()
            let placed = try await scene.result(0)
            #expect(placed["terms"] == terms)
            let page = try await scene.office.page(placed["resultLink"].string, lang: "en")
            #expect(page.text.contains("Tuition is paid by the city."))
            #expect(page.text.contains("<dt>Living allowance</dt><dd>10,000.50 TWD a month</dd>"))
            #expect(page.text.contains("Years of service after graduation: 2"))
            let unplaced = try await scene.office.page(try await scene.result(3)["resultLink"].string)
            #expect(!unplaced.text.contains("Tuition"))
        }
    }

    @Test func aNewDrawForEachRoundGivesOtherNumbers() async throws {
        try await Self.run([1, 0], rules: ["lottery": "each-round"]) { scene in
            let office = scene.office
            let first = try await scene.publish()["id"].string
            let offers = try await office.offers(of: scene.cohort).all
            _ = office.expect(.ok, try await office.answer(offers[0], "decline"))
            let second = office.expect(.created, try await office.post("\(scene.cohort)/supplementary-rounds", [:]))
            func numbers(_ round: String) async throws -> [String: String] {
                let items = try await office.get("/rounds/\(round)/placements").json["items"].items
                return Dictionary(
                    uniqueKeysWithValues: items.map { ($0["applicant"].string, $0["lotteryNumber"].string) }
                )
            }
            let (before, after) = (try await numbers(first), try await numbers(second["id"].string))
            #expect(after.count == 3)
            #expect(after.allSatisfy { before[$0.key] != $0.value })
        }
    }
}
