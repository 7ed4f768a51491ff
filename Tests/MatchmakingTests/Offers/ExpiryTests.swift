import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("The deadline for answers")
struct ExpiryTests {
    @Test func whatIsNotAnsweredExpiresOnce() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let offers = try await office.offers(of: cohort).byApplicant
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[0]]), "accept"))
            // One timer for all offers of the round; before its time nothing happens.
            try await office.service.drain()
            let timers = try await office.service.database.query("SELECT due FROM queue.timers")
            #expect(timers.count == 1)
            let deadline = try #require(timers.first).decode(Date.self)
            #expect(deadline.formatted(.iso8601) == offers[applicants[0]]?["deadline"].string)
            #expect(try await office.get("\(cohort)/offers?state=expired").json["items"].items.isEmpty)

            try await office.passTimers()
            let after = try await office.offers(of: cohort).byApplicant
            #expect(after[applicants[0]]?["state"] == "accepted")
            #expect(after[applicants[1]]?["state"] == "expired")
            #expect(try await office.inbox.read().expired.map(\.placement.applicantID.description) == [applicants[1]])
            let entry = try #require(try await office.audit(cohort).last)
            #expect(entry["actor"] == "deadline" && entry["after"]["state"] == "expired")

            // The same timer again, and one that comes too late.
            let id = try #require(CohortID(String(cohort.dropFirst("/cohorts/".count))))
            try await office.service.database.transaction(tenant: office.service.tenant.id) { tx in
                try tx.publish(AnswersDue(cohortID: id, deadline: deadline))
                try tx.publish(AnswersDue(cohortID: id, deadline: deadline.addingTimeInterval(1000)))
                try tx.publish(AnswersDue(cohortID: id, deadline: deadline.addingTimeInterval(-1000)))
            }
            try await office.service.drain()
            #expect(try await office.offers(of: cohort).byApplicant == after)
            #expect(try await office.inbox.read().expired.count == 1)
        }
    }

    @Test func whatIsAcceptedWhileItExpiresIsOneOfBoth() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [20])[0]
            let applicants = try await office.applicants(cohort, 20).map(\.id)
            try await office.importRankings(
                cohort,
                applicants: Dictionary(uniqueKeysWithValues: applicants.map { ($0, [[firm]]) }),
                firms: [firm: [applicants]]
            )
            let round = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(round)/publication", [:]))
            let offers = try await office.offers(of: cohort).all
            try await office.service.database.execute(
                "UPDATE queue.timers SET due = clock_timestamp() - interval '1 second'"
            )
            async let expiring = office.service.drain()
            let answers = try await RaceTests.together(offers.count) { number in
                (offers[number]["id"].string, try await office.answer(offers[number], "accept"))
            }
            _ = try await expiring
            try await office.service.drain()
            for (_, answer) in answers where answer.status != .ok {
                // Whoever comes after the timer has read an offer that is not so any more.
                #expect(answer.status == .preconditionFailed)
            }
            let accepted = Set(answers.filter { $0.1.status == .ok }.map(\.0))
            let after = try await office.offers(of: cohort).all
            for offer in after {
                #expect(offer["state"] == (accepted.contains(offer["id"].string) ? "accepted" : "expired"))
                #expect(offer["version"] == 2)
            }
            let told = try await office.inbox.read()
            #expect(Set(told.accepted.map(\.placement.offerID.description)) == accepted)
            #expect(told.accepted.count == accepted.count)
            #expect(told.expired.count == 20 - accepted.count)
        }
    }
}
