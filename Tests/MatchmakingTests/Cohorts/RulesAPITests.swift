import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("Rules over the API")
struct RulesAPITests {
    static func rules(_ more: JSONValue = [:]) -> JSONValue {
        var rules = more
        rules["lists"] = ["applicants": ["maximum": 3]]
        return rules
    }

    @Test func eachChangeIsAVersionWithItsAuthor() async throws {
        try await Office.run { office in
            let cohort = try await office.draftedCohort()
            let first = office.expect(.ok, try await office.get("\(cohort)/rules"))["items"]
            #expect(first.items.count == 1)
            #expect(first[0]["version"] == 1 && first[0]["isInForce"] == true && first[0]["author"] == "staff:staff")
            #expect(first[0]["rules"]["lists"]["applicants"]["maximum"] == 3)

            let body: JSONValue = ["rules": Self.rules(["answerDays": 7, "goal": "firms-optimal"])]
            let second = office.expect(.created, try await office.post("\(cohort)/rules", body))
            #expect(second["version"] == 2 && second["isInForce"] == true)
            let read = try await office.get(cohort).json
            #expect(read["rulesVersion"] == 2 && read["answerDays"] == 7 && read["version"] == 2)

            // One that comes later does not hold yet.
            let later = Date(timeIntervalSinceNow: 3600).formatted(.iso8601)
            let third = office.expect(
                .created,
                try await office.post(
                    "\(cohort)/rules",
                    ["rules": Self.rules(["answerDays": 30]), "effectiveFrom": .init(later)]
                )
            )
            #expect(third["version"] == 3 && third["isInForce"] == false && third["effectiveFrom"] == .init(later))
            #expect(try await office.get(cohort).json["rulesVersion"] == 2)
            let all = office.expect(.ok, try await office.get("\(cohort)/rules"))["items"].items
            #expect(all.map(\.["isInForce"]) == [false, true, false])
            let page = office.expect(.ok, try await office.get("\(cohort)/rules?limit=2"))
            let rest = office.expect(.ok, try await office.get("\(cohort)/rules?limit=2&cursor=\(page["next"].string)"))
            #expect(page["items"].items + rest["items"].items == all)
            // Its time has come.
            try await office.service.database.execute(
                "UPDATE matchmaking.rules SET effective_from = now() WHERE version = 3"
            )
            #expect(try await office.get(cohort).json["rulesVersion"] == 3)

            let entries = try await office.audit(cohort).filter { $0["action"] == "rules.set" }
            #expect(entries.map(\.["after"]["version"]) == ["2", "3"])
            #expect(entries.map(\.["before"]["version"]) == ["1", "2"])
        }
    }

    @Test func certificationIsNotRequiredOnceNobodyCanCertify() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let body: JSONValue = ["rules": Self.rules(["certification": "required"]), "reason": "the board"]
            var late = body
            late["effectiveFrom"] = .init(Date(timeIntervalSinceNow: 400 * 86_400).formatted(.iso8601))
            #expect(try await office.post("\(cohort)/rules", late).problem?.pointers == ["/rules/certification"])
            _ = office.expect(.created, try await office.post("\(cohort)/rules", body))
            try await office.setRules(cohort, Self.rules())
            try await office.move(cohort, to: "locked", ["closesEarly": true])
            #expect(try await office.post("\(cohort)/rules", body).problem?.pointers == ["/rules/certification"])
        }
    }

    @Test func faultsAreToldByPointerAndNothingIsStored() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.firms(cohort, [1])
            let bad: [(JSONValue, [String])] = [
                (["rules": Self.rules(["answerDays": 0])], ["/rules/answerDays"]),
                (
                    ["rules": Self.rules(["caps": [["group": ["university": "nowhere"], "maximum": 1]]])],
                    ["/rules/caps/0/group/university"]
                ),
                (["rules": Self.rules(["minimums": [["firm": "firm-9", "seats": 1]]])], ["/rules/minimums/0/firm"]),
                (["rules": Self.rules(["answerDay": 3])], ["/rules/answerDay"]),
                (["rules": Self.rules(["goal": "fair"])], ["/rules/goal"]),
                (["rules": ["answerDays": 3]], ["/rules/lists"]), ([:], ["/rules"]),
                (["rules": Self.rules(), "effective": "now"], ["/effective"]),
                (["rules": Self.rules(), "effectiveFrom": "2018-07-02T09:00:00Z"], ["/effectiveFrom"]),
                (["rules": Self.rules(), "reason": " "], ["/reason"]),
            ]
            for (body, pointers) in bad {
                var body = body
                if body["reason"] == nil { body["reason"] = "as decided" }
                let answer = try await office.post("\(cohort)/rules", body)
                #expect(answer.status == .unprocessableContent, "\(pointers)")
                #expect(answer.problem?.pointers == pointers)
            }
            // Both sides rank under what they were told: a change needs a reason on record.
            let silent = try await office.post("\(cohort)/rules", ["rules": Self.rules()])
            #expect(silent.problem?.pointers == ["/reason"])
            #expect(try await office.get("\(cohort)/rules").json["items"].items.count == 1)
            #expect(try await office.get(cohort).json["version"] == 4)
        }
    }

    @Test func aCohortIsMadeWithRulesOrInShort() async throws {
        try await Office.run { office in
            var draft = Office.draft().removing("maximumChoices")
            #expect(try await office.post("/cohorts", draft).problem?.pointers == ["/maximumChoices"])
            draft["rules"] = Self.rules(["answerDays": 5, "locksAtDeadline": true])
            var both = draft
            both["maximumChoices"] = 3
            #expect(try await office.post("/cohorts", both).problem?.pointers == ["/maximumChoices"])
            var early = draft
            early["rules"] = Self.rules(["caps": [["group": ["university": "ntu"], "maximum": 1]]])
            #expect(try await office.post("/cohorts", early).problem?.pointers == ["/rules/caps/0/group/university"])
            let made = office.expect(.created, try await office.post("/cohorts", draft))
            #expect(made["answerDays"] == 5 && made["maximumChoices"] == 3)
        }
    }

    @Test func whatIsSetStaysSet() async throws {
        try await Office.run { office in
            _ = try await office.cohort()
            try await ServiceRole.withPool(office) { database, tenant in
                try await database.transaction(tenant: tenant) { tx in
                    var changed = try await tx.execute("UPDATE matchmaking.rules SET author = 'nobody'")
                    changed += try await tx.execute("DELETE FROM matchmaking.rules")
                    #expect(changed == 0)
                }
            }
        }
    }

    @Test func onlyWhoIsEligibleIsNominated() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.applicants(cohort, 1)
            _ = try await office.applicants(cohort, 1, university: "nthu")
            try await office.setRules(cohort, ["eligibility": ["economies": ["MY", "VN"], "universities": ["ntu"]]])
            func student(_ email: String, _ economy: String) -> JSONValue {
                ["name": "Mai", "email": .init(email), "language": "vi", "economy": .init(economy)]
            }
            func nominate(_ university: String, _ students: [JSONValue]) async throws -> [String]? {
                let body: JSONValue = ["university": .init(university), "students": .array(students)]
                return try await office.post("\(cohort)/nominations", body).problem?.pointers
            }
            let mixed = [student("a@example.org", "VN"), student("b@example.org", "TW")]
            #expect(try await nominate("ntu", mixed) == ["/students/1/economy"])
            #expect(try await nominate("nthu", [mixed[0]]) == ["/university"])
            #expect(try await nominate("ntu", [mixed[0]]) == nil)
        }
    }

    @Test func listsKeepToTheirLengths() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1, 1])
            let applicants = try await office.applicants(cohort, 3).map(\.id)
            try await office.setRules(
                cohort,
                ["lists": ["applicants": ["minimum": 2, "maximum": 2], "firms": ["minimum": 1, "maximum": 2]]]
            )
            func ranking(_ path: String, _ ids: [String]) async throws -> [String]? {
                let body: JSONValue = ["ranking": .init(ids.map { [$0] })]
                return try await office.put("\(cohort)/\(path)/ranking", body, match: "*").problem?.pointers
            }
            let applicant = "applicants/\(applicants[0])"
            #expect(try await ranking(applicant, [firms[0]]) == ["/ranking"])
            #expect(try await ranking(applicant, firms) == ["/ranking"])
            #expect(try await ranking(applicant, Array(firms.prefix(2))) == nil)
            // An empty list says that nobody is wanted.
            #expect(try await ranking(applicant, []) == nil)
            #expect(try await ranking("firms/\(firms[0])", applicants) == ["/ranking"])
            #expect(try await ranking("firms/\(firms[0])", Array(applicants.prefix(2))) == nil)
            let tag = try await office.get(cohort).headers[.eTag]
            let body: JSONValue = [
                "applicants": [["applicant": .init(applicants[1]), "ranking": .init([[firms[0]]])]],
                "firms": [["firm": .init(firms[1]), "ranking": .init(applicants.map { [$0] })]],
            ]
            let answer = try await office.put("\(cohort)/rankings", body, match: tag)
            #expect(answer.problem?.pointers == ["/applicants/0/ranking", "/firms/0/ranking"])
        }
    }
}
