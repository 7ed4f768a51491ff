import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("The life of a cohort over the API")
struct CohortLifeTests {
    static let contact: JSONValue = ["name": "Lin Mei", "email": "mei@firm.example", "language": "zh-Hant"]
    static let coordinator: JSONValue = ["name": "Anna Ooi", "email": "anna@ntu.example", "language": "ms"]

    /// A draft with a firm and a university that can be written to, and a nominated student.
    static func drafted(
        _ office: Office
    ) async throws -> (cohort: String, firm: String, university: String, applicant: String) {
        let cohort = try await office.draftedCohort()
        let firms: JSONValue = [
            "firms": [["code": "asus", "name": ["en": "ASUS"], "capacity": 1, "contact": contact]]
        ]
        let firm = office.expect(.created, try await office.post("\(cohort)/firms", firms))["firms"][0]
        #expect(firm["contact"] == contact)
        let universities: JSONValue = [
            "universities": [["code": "ntu", "name": ["en": "NTU"], "contact": coordinator]]
        ]
        let university = office.expect(.created, try await office.post("\(cohort)/universities", universities))
        let nomination: JSONValue = ["university": "ntu", "students": Office.students(1)]
        let nominated = office.expect(.created, try await office.post("\(cohort)/nominations", nomination))
        #expect(try await office.get("\(cohort)/firms").json["items"][0]["contact"] == contact)
        return (
            cohort, firm["id"].string, university["universities"][0]["id"].string,
            nominated["applicants"][0]["id"].string
        )
    }

    @Test func everyStepIsWrittenDownPublishedAndTold() async throws {
        try await Office.run { office in
            let (cohort, firm, university, applicant) = try await Self.drafted(office)
            // Nobody is told of a draft.
            let before = try await office.inbox.read()
            #expect(before.invited.isEmpty && before.news.isEmpty)

            try await office.move(cohort, to: "open")
            let opened = try await office.inbox.read()
            let commitment = try await office.get(cohort).json["lottery"]["commitment"].string
            #expect(opened.opened.map(\.lotteryCommitment) == [commitment])
            #expect(opened.invited.isEmpty)
            #expect(Set(opened.news.map(\.member.id.description)) == [firm, university])
            #expect(opened.news.allSatisfy { $0.step == .opened && $0.deadline != nil })
            #expect(Set(opened.news.map(\.recipient.language.description)) == ["zh-Hant", "ms"])

            let ranking = try await office.move(cohort, to: "ranking")
            #expect(ranking["state"] == "ranking" && ranking["version"] == 6)
            let invited = try await office.inbox.read()
            #expect(invited.rankingOpened.count == 1)
            #expect(invited.invited.map(\.applicantID.description) == [applicant])
            #expect(invited.news.filter { $0.step == .ranking }.count == 2)

            let locked = try await office.move(cohort, to: "locked", ["closesEarly": true])
            #expect(locked["state"] == "locked")
            #expect(locked["lottery"].keys == ["commitment"])
            let told = try await office.inbox.read()
            #expect(told.locked.map(\.lotteryCommitment) == [commitment])
            #expect(told.news.filter { $0.step == .locked }.count == 2)

            let round = office.expect(.created, try await office.post("\(cohort)/rounds", [:]))
            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            let closed = try await office.move(cohort, to: "closed")
            #expect(closed["state"] == "closed")
            // What was published stays open to proof.
            #expect(closed["lottery"]["seed"].string.count == 64)
            let end = try await office.inbox.read()
            #expect(end.closed.map(\.hadResult) == [true])
            let last = end.news.filter { $0.step == .closed }
            // The firms and universities, and the student who still waited for a place.
            #expect(Set(last.map(\.member.id.description)) == [firm, university, applicant])

            let record = try await office.audit(cohort)
            let steps = record.filter { $0["before"]["state"] != nil && $0["after"]["state"] != nil }
            #expect(
                steps.map(\.["action"].string) == ["cohort.opened", "ranking.opened", "cohort.locked", "cohort.closed"]
            )
            #expect(steps.map(\.["before"]["state"]) == ["draft", "open", "ranking", "published"])
            #expect(steps.map(\.["after"]["state"]) == ["open", "ranking", "locked", "closed"])
            #expect(steps.allSatisfy { $0["actor"] == "staff:staff" })
        }
    }

    @Test func stepsAreTakenInOrderAndOnce() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await Self.drafted(office)
            func move(_ state: String, _ match: String? = "*") async throws -> String? {
                try await office.put("\(cohort)/state", ["state": .init(state)], match: match).problem?.type
            }
            #expect(try await move("ranking") == "wrong-step")
            #expect(try await move("locked") == "ranking-not-open")
            for state in ["run", "published", "nowhere"] {
                let answer = try await office.put("\(cohort)/state", ["state": .init(state)], match: "*")
                #expect(answer.problem?.pointers == ["/state"])
            }
            #expect(try await move("open", nil) == "if-match-required")
            #expect(try await move("open", "\"v1\"") == "changed-meanwhile")
            #expect(try await move("open") == nil)
            // The same again changes and tells nothing.
            #expect(try await move("open") == nil)
            #expect(try await office.inbox.read().opened.count == 1)
            #expect(try await move("ranking") == nil)
            #expect(try await move("open") == "wrong-step")
            #expect(try await move("locked") == "ranking-open")
            try await office.passDeadline(cohort)
            #expect(try await move("locked") == nil)
            #expect(try await move("ranking") == "wrong-step")
        }
    }

    @Test func nobodyRanksBeforeItIsOpen() async throws {
        try await Office.run { office in
            let (cohort, firm, _, applicant) = try await Self.drafted(office)
            for state in ["draft", "open"] {
                if state == "open" { try await office.move(cohort, to: "open") }
                for path in ["applicants/\(applicant)", "firms/\(firm)"] {
                    let answer = try await office.put("\(cohort)/\(path)/ranking", ["ranking": []], match: "*")
                    #expect(answer.problem?.type == "ranking-not-open")
                }
                let run = try await office.post("\(cohort)/rounds", ["closesEarly": true])
                #expect(run.problem?.type == "ranking-not-open")
            }
        }
    }

    @Test func aCohortIsGivenUpOnlyWithAReason() async throws {
        try await Office.run { office in
            let (cohort, _, _, applicant) = try await Self.drafted(office)
            try await office.move(cohort, to: "open")
            try await office.move(cohort, to: "ranking")
            let silent = try await office.put("\(cohort)/state", ["state": "closed"], match: "*")
            #expect(silent.problem?.pointers == ["/reason"])
            let closed = try await office.move(cohort, to: "closed", ["reason": "too few firms"])
            // A seed that decided nothing stays secret.
            #expect(closed["lottery"].keys == ["commitment"])
            let told = try await office.inbox.read()
            #expect(told.closed.map(\.hadResult) == [false])
            #expect(told.news.filter { $0.step == .abandoned }.map(\.member.id.description).contains(applicant))
            let entry = try #require(try await office.audit(cohort).last)
            #expect(entry["action"] == "cohort.closed" && entry["reason"] == "too few firms")
            for (path, body) in [
                ("\(cohort)/firms", ["firms": [["code": "x", "name": ["en": "X"], "capacity": 1]]] as JSONValue),
                ("\(cohort)/nominations", ["university": "ntu", "students": Office.students(1, prefix: "late")]),
            ] {
                #expect(try await office.post(path, body).problem?.type == "cohort-closed")
            }
        }
    }

    @Test func aPublishedCohortClosesOnceEveryOfferIsSettled() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let early = try await office.put("\(cohort)/state", ["state": "closed"], match: "*")
            #expect(early.problem?.type == "answers-open")
            for offer in try await office.offers(of: cohort).all {
                _ = office.expect(.ok, try await office.answer(offer, "accept"))
            }
            try await office.move(cohort, to: "closed")
            let late = try await office.post("/applicants/\(applicants[0])/withdrawal", ["reason": "too late"])
            #expect(late.problem?.type == "cohort-closed")
            // Only who holds no place is told that no more will come.
            let told = try await office.inbox.read().news.map(\.member.id.description)
            #expect(told == [applicants[2]])
        }
    }

    @Test func theDeadlineLocksWhereTheRulesSaySo() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            try await office.setRules(cohort, ["locksAtDeadline": true])
            // The timer is early by the cohort's own clock: nothing happens.
            try await office.passTimers()
            #expect(try await office.get(cohort).json["state"] == "ranking")
            try await office.setRules(cohort, ["locksAtDeadline": true, "answerDays": 3])
            try await office.passDeadline(cohort)
            try await office.passTimers()
            #expect(try await office.get(cohort).json["state"] == "locked")
            let entry = try #require(try await office.audit(cohort).last)
            #expect(entry["action"] == "cohort.locked" && entry["actor"] == "deadline")
            #expect(try await office.inbox.read().locked.count == 1)
        }
    }

    @Test func withoutSuchARuleOrAnythingToMatchNothingLocks() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            try await office.setRules(cohort, ["locksAtDeadline": true])
            let other = try await office.cohort(Office.draft("other"))
            try await office.setRules(other, ["locksAtDeadline": true])
            _ = try await office.firms(other, [1])
            _ = try await office.applicants(other, 1)
            try await office.setRules(other, ["locksAtDeadline": false])
            try await office.passDeadline(cohort)
            try await office.passDeadline(other)
            try await office.passTimers()
            #expect(try await office.get(cohort).json["state"] == "ranking")
            #expect(try await office.get(other).json["state"] == "ranking")
        }
    }
}
