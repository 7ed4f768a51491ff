import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Criteria, scores and certified rankings over the API")
struct CandidateAPITests {
    struct Scene: Sendable {
        let office: Office
        let cohort: String
        let firm: String
        let position: String
        /// All but the last have chosen the position.
        let applicants: [String]

        func candidates() async throws -> JSONValue {
            office.expect(.ok, try await office.get("/positions/\(position)/candidates"))
        }
    }

    static let criteria: JSONValue = [
        ["code": "talk", "name": ["en": "Interview"], "weight": 60, "maximum": 9],
        ["code": "grades", "name": ["en": "Grades"], "weight": 40, "fact": "grade"],
    ]

    static func run(_ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let position = try await office.positions(
                cohort,
                firm,
                [Office.position("web", places: 2, ["criteria": Self.criteria])]
            )[0]
            let applicants = try await office.applicants(cohort, 4, language: "en").map(\.id)
            for applicant in applicants.dropLast() {
                #expect(try await office.rank(cohort, applicant, [[position]]).status == .ok)
            }
            try await body(
                Scene(office: office, cohort: cohort, firm: firm, position: position, applicants: applicants)
            )
        }
    }

    @Test func eachScoreIsExplainedAndItsPartsAddUp() async throws {
        try await Self.run { scene in
            let (office, applicants) = (scene.office, scene.applicants)
            try await office.profiles(scene.cohort, [["applicant": .init(applicants[0]), "facts": ["grade": 80]]])
            let scores: JSONValue = [
                "scores": [
                    ["applicant": .init(applicants[0]), "criterion": "talk", "value": 5],
                    ["applicant": .init(applicants[1]), "criterion": "talk", "value": 7],
                ]
            ]
            _ = office.expect(.ok, try await office.put("/positions/\(scene.position)/scores", scores))
            let list = try await scene.candidates()
            #expect(list["candidates"].items.map(\.["applicant"].string) == Array(applicants.prefix(3)))
            let first = list["candidates"][0]
            // 60 × 5/9 = 33.33, 40 × 80/100 = 32.00
            #expect(
                first["parts"] == [
                    ["criterion": "talk", "value": 5, "hundredths": 3333, "most": 6000],
                    ["criterion": "grades", "value": 80, "hundredths": 3200, "most": 4000],
                ]
            )
            #expect(first["hundredths"] == 6533)
            #expect(list["candidates"][1]["hundredths"] == 4667)
            // What nobody knows earns nothing.
            #expect(list["candidates"][2]["hundredths"] == 0)
            #expect(list["candidates"][2]["parts"][0]["value"] == nil)
            #expect(list["proposal"] == .init([[applicants[0]], [applicants[1]], [applicants[2]]]))
        }
    }

    @Test func equalTotalsAreTied() async throws {
        try await Self.run { scene in
            let list = try await scene.candidates()
            #expect(list["proposal"] == .init([Array(scene.applicants.prefix(3))]))
        }
    }

    @Test func scoresAreChecked() async throws {
        try await Self.run { scene in
            let scores: JSONValue = [
                "scores": [
                    ["applicant": .init("\(UUID())"), "criterion": "talk", "value": 1],
                    ["applicant": .init(scene.applicants[0]), "criterion": "grades", "value": 1],
                    ["applicant": .init(scene.applicants[0]), "criterion": "talk", "value": 10],
                    ["applicant": .init(scene.applicants[0]), "criterion": "talk", "value": 1],
                ]
            ]
            let answer = try await scene.office.put("/positions/\(scene.position)/scores", scores)
            #expect(
                answer.problem?.pointers == [
                    "/scores/0/applicant", "/scores/1/criterion", "/scores/2/value", "/scores/3/criterion",
                ]
            )
        }
    }

    @Test func whoIsUnacceptableIsOffTheRankingAndStaysOff() async throws {
        try await Self.run { scene in
            let (office, applicants) = (scene.office, scene.applicants)
            let path = "/positions/\(scene.position)"
            let all: JSONValue = ["ranking": .init([[applicants[0]], [applicants[1]]])]
            #expect(try await office.put("\(path)/ranking", all, match: "\"v0\"").status == .ok)
            #expect(
                try await office.put("\(path)/unacceptable/\(applicants[0])", ["reason": " "]).problem?.pointers == [
                    "/reason"
                ]
            )
            let mark: JSONValue = ["reason": "No permit for this work"]
            #expect(try await office.put("\(path)/unacceptable/\(applicants[0])", mark).status == .ok)
            let ranking = office.expect(.ok, try await office.get("\(path)/ranking"))
            #expect(ranking == ["ranking": .init([[applicants[1]]]), "version": 2])
            let list = try await scene.candidates()
            #expect(list["candidates"][2]["unacceptable"] == "No permit for this work")
            #expect(!list["proposal"].items.flatMap(\.items).contains(.init(applicants[0])))
            let again = try await office.put("\(path)/ranking", all, match: "\"v2\"")
            #expect(again.problem?.pointers == ["/ranking/0/0"])
            let entry = try await office.audit(scene.cohort).last
            #expect(entry?["action"] == "applicant.unacceptable")
            #expect(entry?["reason"] == "No permit for this work")
            #expect(entry?["subject"].string == applicants[0])
            let back = try await office.client.send(
                .delete,
                Office.api + "\(path)/unacceptable/\(applicants[0])",
                token: office.token
            )
            #expect(back.status == .noContent)
            #expect(try await office.put("\(path)/ranking", all, match: "\"v2\"").status == .ok)
        }
    }

    @Test(arguments: [false, true])
    func theReasonIsTheStudentsOnlyWhereTheRulesSaySo(_ isTold: Bool) async throws {
        try await Self.run { scene in
            let (office, applicants) = (scene.office, scene.applicants)
            if isTold {
                try await office.setRules(scene.cohort, ["viewing": ["tellsReasons": true]])
            }
            let mark: JSONValue = ["reason": "The secret reason"]
            let path = "/positions/\(scene.position)/unacceptable/\(applicants[0])"
            _ = office.expect(.ok, try await office.put(path, mark))
            let round = try await office.run(scene.cohort)["id"].string
            _ = try await office.post("/rounds/\(round)/publication", [:])
            let page = try await office.page(try await office.resultLink(applicants[0])).text
            #expect(page.contains("did not rank you") || page.contains("The secret reason"))
            #expect(page.contains("The secret reason") == isTold)
            #expect(try await office.get("/applicants/\(applicants[0])/result").text.contains("secret") == false)
            #expect(try await office.page(try await office.resultLink(applicants[1])).text.contains("secret") == false)
        }
    }

    @Test func aCertifiedRankingIsOneUntilItChanges() async throws {
        try await Self.run { scene in
            let (office, applicants) = (scene.office, scene.applicants)
            let path = "/positions/\(scene.position)"
            let ranking: JSONValue = ["ranking": .init([[applicants[0]]])]
            #expect(try await office.put("\(path)/ranking", ranking, match: "\"v0\"").status == .ok)
            #expect(try await office.put("\(path)/certification", [:], match: "\"v0\"").status == .preconditionFailed)
            let certified = office.expect(.ok, try await office.put("\(path)/certification", [:], match: "\"v1\""))
            #expect(certified["certifiedAt"] != nil)
            #expect(try await office.get("\(path)/ranking").json["certifiedAt"] != nil)
            #expect(try await scene.candidates()["certifiedAt"] != nil)
            #expect(try await office.audit(scene.cohort).last?["action"] == "ranking.certified")
            let other: JSONValue = ["ranking": .init([[applicants[1]]])]
            #expect(try await office.put("\(path)/ranking", other, match: "\"v1\"").status == .ok)
            #expect(try await office.get("\(path)/ranking").json["certifiedAt"] == nil)
        }
    }

    @Test func studentsCertifyToo() async throws {
        try await Self.run { scene in
            let path = "\(scene.cohort)/applicants/\(scene.applicants[0])"
            let office = scene.office
            #expect(try await office.put("\(path)/certification", [:], match: "\"v1\"").status == .ok)
            #expect(try await office.get("\(path)/ranking").json["certifiedAt"] != nil)
            try await office.passDeadline(scene.cohort)
            #expect(
                try await office.put("\(path)/certification", [:], match: "\"v1\"").problem?.type == "ranking-closed"
            )
        }
    }

    @Test func firmsSeeThoseWhoConsentedIfTheRulesSaySo() async throws {
        try await Self.run { scene in
            let (office, last) = (scene.office, scene.applicants[3])
            try await office.profiles(scene.cohort, [["applicant": .init(last), "consents": true]])
            #expect(try await scene.candidates()["candidates"].items.count == 3)
            let set = try await office.setRules(scene.cohort, ["viewing": ["firmsSee": "consented"]])
            #expect(set["rules"]["viewing"] == ["firmsSee": "consented", "tellsReasons": false])
            let seen = try await scene.candidates()["candidates"].items.map(\.["applicant"].string)
            #expect(Set(seen) == Set(scene.applicants))
        }
    }
}
