import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Two at once")
struct RaceTests {
    /// Sends the requests at the same time, over connections of their own to the database.
    static func together<Answer: Sendable>(
        _ count: Int,
        _ request: @escaping @Sendable (Int) async throws -> Answer
    ) async throws -> [Answer] {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            for number in 0..<count { group.addTask { try await request(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func roundsThatRunAtOnceAreNotMixed() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let answers = try await Self.together(6) { _ in
                try await office.post("\(cohort)/rounds", ["closesEarly": true])
            }
            for answer in answers where answer.status != .created {
                #expect(answer.problem?.type == "round-in-progress")
            }
            let made = answers.filter { $0.status == .created }
            #expect(!made.isEmpty)
            let listed = try await office.get("\(cohort)/rounds").json["items"].items
            #expect(Set(listed.map(\.["id"].string)) == Set(made.map(\.json["id"].string)))
            #expect(Set(listed.map(\.["runId"])).count == 1)
            // Each stored round raised the version by one, after the lock.
            let version = try await office.get(cohort).json["version"].int
            #expect(version == 7 + made.count)
        }
    }

    @Test func oneKeyAtOnceRunsOneRound() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let answers = try await Self.together(4) { _ in
                try await office.post("\(cohort)/rounds", ["closesEarly": true], key: "same")
            }
            #expect(answers.allSatisfy { $0.status == .created || $0.status == .conflict })
            #expect(try await office.get("\(cohort)/rounds").json["items"].items.count == 1)
        }
    }

    @Test func whatIsRankedWhileLockingIsInTheRoundOrRefused() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [20])[0]
            let applicants = try await office.applicants(cohort, 20).map(\.id)
            try await office.importRankings(cohort, applicants: [:], firms: [firm: [applicants]])
            async let running = office.post("\(cohort)/rounds", ["closesEarly": true])
            let answers = try await Self.together(20) { number in
                let path = "\(cohort)/applicants/\(applicants[number])/ranking"
                let answer = try await office.put(path, ["ranking": .init([[firm]])], match: "\"v0\"")
                return (applicants[number], answer)
            }
            let round = office.expect(.created, try await running)
            for (_, answer) in answers where answer.status != .ok {
                #expect(answer.problem?.type == "cohort-locked")
            }
            let saved = Set(answers.filter { $0.1.status == .ok }.map(\.0))
            let path = "/rounds/\(round["id"].string)/placements"
            let placed = try await office.get(path).json["items"].items.filter { $0["firm"] != nil }
            #expect(Set(placed.map(\.["applicant"].string)) == saved)
        }
    }

    @Test func publishingAtOnceTellsEverybodyOnce() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let rounds = [try await office.run(cohort)["id"].string, try await office.run(cohort)["id"].string]
            let answers = try await Self.together(6) { number in
                try await office.post("/rounds/\(rounds[number % 2])/publication", [:])
            }
            #expect(answers.filter { $0.status == .created }.count == 1)
            #expect(answers.filter { $0.status == .ok }.count == 2)
            #expect(answers.filter { $0.problem?.type == "already-published" }.count == 3)
            let inbox = try await office.inbox.read()
            #expect(inbox.rounds.count == 1)
            #expect(inbox.placements.count == 3)
        }
    }

    @Test func changesOfOneRankingAtOnceAreNotLost() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1])
            let applicant = try await office.applicants(cohort, 1)[0].id
            let path = "\(cohort)/applicants/\(applicant)/ranking"
            let answers = try await Self.together(6) { number in
                try await office.put(path, ["ranking": .init([[firms[number % 2]]])], match: "\"v0\"")
            }
            let saved = answers.filter { $0.status == .ok }
            #expect(saved.count == 1)
            #expect(answers.filter { $0.status == .preconditionFailed }.count == 5)
            #expect(try await office.get(path).json == saved.first?.json)
        }
    }

    @Test func oneStudentNominatedAtOnceIsInvitedOnce() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.applicants(cohort, 1)
            let body: JSONValue = ["university": "ntu", "students": Office.students(1, prefix: "wanted")]
            let answers = try await Self.together(4) { _ in try await office.post("\(cohort)/nominations", body) }
            #expect(answers.filter { $0.status == .created }.count == 1)
            #expect(answers.filter { $0.problem?.pointers == ["/students/0/email"] }.count == 3)
            #expect(try await office.inbox.read().invited.count == 2)
        }
    }

    @Test func firmsWithOneCodeAtOnceAreOne() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let body: JSONValue = ["firms": [["code": "asus", "name": ["en": "ASUS"], "capacity": 1]]]
            let answers = try await Self.together(4) { _ in try await office.post("\(cohort)/firms", body) }
            #expect(answers.filter { $0.status == .created }.count == 1)
            #expect(answers.filter { $0.status == .unprocessableContent }.count == 3)
            let cohorts = try await Self.together(4) { _ in try await office.post("/cohorts", Office.draft("same")) }
            #expect(cohorts.filter { $0.status == .created }.count == 1)
            #expect(cohorts.filter { $0.problem?.type == "slug-taken" }.count == 3)
        }
    }
}
