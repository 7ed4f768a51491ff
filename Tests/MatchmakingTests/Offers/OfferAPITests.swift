import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

@Suite("Offers over the API")
struct OfferAPITests {
    @Test func publishingOffersThePlaces() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants) = try await RoundAPITests.contest(office)
            let id = try await office.run(cohort)["id"].string
            #expect(try await office.offers(of: cohort).all.isEmpty)
            for deadline in ["2018-07-02T09:00:00Z", "2999-01-01T00:00:00Z", "soon"] as [JSONValue] {
                let answer = try await office.post("/rounds/\(id)/publication", ["answerDeadline": deadline])
                #expect(answer.problem?.pointers == ["/answerDeadline"])
            }
            let deadline = Date(timeIntervalSinceNow: 86_400).formatted(.iso8601)
            let body: JSONValue = ["answerDeadline": .init(deadline)]
            let first = office.expect(.created, try await office.post("/rounds/\(id)/publication", body))
            #expect(first["answerDeadline"].string == deadline)
            let again = office.expect(.ok, try await office.post("/rounds/\(id)/publication", [:]))
            #expect(again == first)

            let (offers, all) = try await office.offers(of: cohort)
            #expect(all.count == 2)
            #expect(offers[applicants[0]]?["firm"].string == firms[1])
            #expect(offers[applicants[1]]?["firm"].string == firms[0])
            for offer in all {
                #expect(offer["state"] == "offered" && offer["version"] == 1 && offer["round"].string == id)
                #expect(offer["deadline"].string == deadline)
                let read = try await office.get("/offers/\(offer["id"].string)")
                #expect(office.expect(.ok, read) == offer)
                #expect(read.headers[.eTag] == "\"v1\"")
            }
            let told = try await office.inbox.read().placements
            #expect(told.count == 3)
            for message in told {
                #expect((message.firm == nil) == (message.answerDeadline == nil))
                if let told = message.answerDeadline { #expect(told.formatted(.iso8601) == deadline) }
            }
        }
    }

    @Test func theCohortsDaysAreTheDefault() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await office.published()
            let all = try await office.offers(of: cohort).all
            let deadline = try Date(all[0]["deadline"].string, strategy: .iso8601)
            #expect(abs(deadline.timeIntervalSinceNow - 14 * 86_400) < 600)
            var draft = Office.draft("short")
            draft["answerDays"] = 3
            draft["refill"] = "automatic"
            let short = try await office.get(try await office.cohort(draft)).json
            #expect(short["answerDays"] == 3 && short["refill"] == "automatic")
        }
    }

    @Test func anAnswerIsTakenOnceAndTold() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let offer = try #require(try await office.offers(of: cohort).byApplicant[applicants[0]])
            let path = "/offers/\(offer["id"].string)/answer"
            #expect(try await office.put(path, ["answer": "accept"]).status == .preconditionRequired)
            #expect(try await office.put(path, ["answer": "accept"], match: "\"v7\"").status == .preconditionFailed)
            #expect(try await office.put(path, ["answer": "maybe"], match: "\"v1\"").problem?.pointers == ["/answer"])
            let answer = try await office.answer(offer, "accept")
            let accepted = office.expect(.ok, answer)
            #expect(accepted["state"] == "accepted" && accepted["version"] == 2)
            #expect(answer.headers[.eTag] == "\"v2\"")
            #expect(office.expect(.ok, try await office.answer(accepted, "accept")) == accepted)
            #expect(try await office.answer(accepted, "decline").problem?.type == "answered")
            #expect(try await office.get("\(cohort)/offers?state=accepted").json["items"] == [accepted])
            #expect(try await office.get("\(cohort)/offers?state=lost").status == .badRequest)

            let told = try await office.inbox.read()
            #expect(told.accepted.map(\.placement.applicantID.description) == [applicants[0]])
            #expect(told.accepted[0].placement.firm[.english] == "Firm 1")
            #expect(told.accepted[0].placement.recipient.email.description == "ntu-0@example.org")
            #expect(told.declined.isEmpty)
        }
    }

    @Test func afterTheDeadlineNobodyAnswers() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await office.published()
            let past = Date(timeIntervalSinceNow: -1)
            try await office.service.database.execute("UPDATE matchmaking.offers SET deadline = \(past)")
            let offer = try await office.offers(of: cohort).all[0]
            for answer in ["accept", "decline", "defer"] {
                #expect(try await office.answer(offer, answer).problem?.type == "answer-deadline-passed")
            }
            #expect(try await office.offers(of: cohort).all[0] == offer)
        }
    }

    @Test func staffGrantADeferral() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let offer = try #require(try await office.offers(of: cohort).byApplicant[applicants[0]])
            let path = "/offers/\(offer["id"].string)/deferral"
            let granted: JSONValue = ["granted": true, "reason": "military service"]
            #expect(try await office.put(path, granted, match: "\"v1\"").problem?.type == "no-deferral-asked")
            _ = office.expect(.ok, try await office.answer(offer, "defer"))
            // Nothing is lost while staff think about it.
            try await office.passTimers()
            #expect(try await office.get("\(cohort)/offers?state=deferral-asked").json["items"].items.count == 1)
            for reason in ["", "  ", "two\nlines"] as [JSONValue] {
                let body: JSONValue = ["granted": true, "reason": reason]
                #expect(try await office.put(path, body, match: "\"v2\"").problem?.pointers == ["/reason"])
            }
            let deferred = office.expect(.ok, try await office.put(path, granted, match: "\"v2\""))
            #expect(deferred["state"] == "deferred")
            #expect(try await office.inbox.read().deferrals.map(\.deadline) == [nil])
            #expect(try await office.audit(cohort).last?["reason"] == "military service")
        }
    }

    @Test func whoseDeferralIsRefusedHasTimeToAnswer() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let soon = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + 60).rounded())
            try await office.service.database.execute("UPDATE matchmaking.offers SET deadline = \(soon)")
            let offer = try #require(try await office.offers(of: cohort).byApplicant[applicants[0]])
            _ = office.expect(.ok, try await office.answer(offer, "defer"))
            let refused = office.expect(
                .ok,
                try await office.put(
                    "/offers/\(offer["id"].string)/deferral",
                    ["granted": false, "reason": "the firm can't wait"],
                    match: "\"v2\""
                )
            )
            #expect(refused["state"] == "offered" && refused["version"] == 3)
            let deadline = try Date(refused["deadline"].string, strategy: .iso8601)
            #expect(deadline.timeIntervalSinceNow > 13 * 86_400)
            #expect(try await office.inbox.read().deferrals.map(\.deadline) == [deadline])
            let timers = try await office.service.database.query("SELECT due FROM queue.timers ORDER BY due")
            #expect(try timers.last?.decode(Date.self) == deadline)
            // The timer of the round comes, and finds that this one has longer.
            try await office.service.database.execute(
                "UPDATE queue.timers SET due = clock_timestamp() - interval '1 second' WHERE due < \(deadline)"
            )
            try await office.service.drain()
            #expect(try await office.get("/offers/\(offer["id"].string)").json["state"] == "offered")
            try await office.passTimers()
            #expect(try await office.get("/offers/\(offer["id"].string)").json["state"] == "expired")
        }
    }

    @Test func whatIsWithdrawnHasAReasonOnRecord() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let offers = try await office.offers(of: cohort).byApplicant
            let accepted = office.expect(.ok, try await office.answer(try #require(offers[applicants[0]]), "accept"))
            let path = "/offers/\(accepted["id"].string)/withdrawal"
            let missing = try await office.put(path, ["subject": "place"], match: "\"v2\"")
            #expect(missing.problem?.pointers == ["/reason"])
            let body: JSONValue = ["subject": "place", "reason": "The firm closed the laboratory"]
            #expect(try await office.put(path, body).status == .preconditionRequired)
            let revoked = office.expect(.ok, try await office.put(path, body, match: "\"v2\""))
            #expect(revoked["state"] == "revoked")
            #expect(try await office.put(path, body, match: "\"v3\"").problem?.type == "offer-closed")
            #expect(try await office.answer(revoked, "accept").problem?.type == "withdrawn")

            let other = try #require(offers[applicants[1]])
            let left = office.expect(
                .ok,
                try await office.put(
                    "/offers/\(other["id"].string)/withdrawal",
                    ["subject": "applicant", "reason": "Left the university"],
                    match: "\"v1\""
                )
            )
            #expect(left["state"] == "withdrawn")
            let told = try await office.inbox.read().withdrawn
            let subjects = Dictionary(
                uniqueKeysWithValues: told.map { ($0.placement.applicantID.description, $0.subject) }
            )
            #expect(subjects == [applicants[0]: .place, applicants[1]: .applicant])
            let record = try await office.audit(cohort).suffix(2)
            #expect(record.map(\.["reason"]) == ["The firm closed the laboratory", "Left the university"])
            #expect(record.map(\.["before"]["state"]) == ["accepted", "offered"])
            #expect(record.map(\.["after"]["state"]) == ["revoked", "withdrawn"])
        }
    }
}
