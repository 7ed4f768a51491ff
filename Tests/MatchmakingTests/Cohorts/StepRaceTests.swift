import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Steps and withdrawals at once")
struct StepRaceTests {
    @Test func aStepTakenByTwoAtOnceIsTakenOnce() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await CohortLifeTests.drafted(office)
            for state in ["open", "ranking"] {
                let tag = try await office.get(cohort).headers[.eTag]
                let answers = try await RaceTests.together(6) { _ in
                    try await office.put("\(cohort)/state", ["state": .init(state)], match: tag)
                }
                #expect(answers.filter { $0.status == .ok }.count == 1)
                #expect(answers.filter { $0.status == .preconditionFailed }.count == 5)
            }
            let told = try await office.inbox.read()
            #expect(told.opened.count == 1 && told.rankingOpened.count == 1 && told.invited.count == 1)
        }
    }

    @Test func whoLeavesWhileItIsPublishedIsOutOrHoldsNothing() async throws {
        try await Office.run { office in
            let (cohort, _, applicants) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)["id"].string
            async let publishing = office.post("/rounds/\(round)/publication", [:])
            let leaving = try await WithdrawalTests.leave(office, applicants[1], "asked by phone")
            let published = try await publishing
            #expect(leaving.status == .ok)
            let offers = try await office.offers(of: cohort).byApplicant
            if published.status == .created {
                // The publication came first: the place was offered, and is given back.
                #expect(offers[applicants[1]]?["state"] == "withdrawn")
            } else {
                #expect(published.problem?.type == "round-outdated")
                #expect(offers.isEmpty)
            }
        }
    }

    @Test func whoAcceptsWhileTheFirmLeavesHoldsNothing() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [8])[0]
            let applicants = try await office.applicants(cohort, 8).map(\.id)
            try await office.importRankings(
                cohort,
                applicants: Dictionary(uniqueKeysWithValues: applicants.map { ($0, [[firm]]) }),
                firms: [firm: [applicants]]
            )
            let round = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(round)/publication", [:]))
            let offers = try await office.offers(of: cohort).all
            async let leaving = office.post("\(cohort)/firms/\(firm)/withdrawal", ["reason": "insolvent"])
            let answers = try await RaceTests.together(offers.count) { number in
                try await office.answer(offers[number], "accept")
            }
            #expect(try await leaving.status == .ok)
            for answer in answers where answer.status != .ok { #expect(answer.status == .preconditionFailed) }
            let after = try await office.offers(of: cohort).all
            #expect(after.allSatisfy { $0["state"] == "revoked" })
            #expect(try await office.inbox.read().withdrawn.count == 8)
        }
    }

    @Test func rulesThatChangeWhileARoundRunsAreNotMixedIn() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            async let running = office.post("\(cohort)/rounds", ["closesEarly": true])
            try await office.setRules(cohort, ["goal": "firms-optimal"])
            let answer = try await running
            if answer.status == .created {
                #expect([1, 2].contains(answer.json["rulesVersion"].int ?? 0))
            } else {
                #expect(answer.problem?.type == "round-in-progress")
            }
            let again = office.expect(.created, try await office.post("\(cohort)/rounds", ["closesEarly": true]))
            #expect(again["rulesVersion"] == 2)
        }
    }
}
