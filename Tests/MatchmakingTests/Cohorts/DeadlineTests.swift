import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("The deadline for rankings is moved")
struct DeadlineTests {
    static func body(_ deadline: Date, _ reason: String = "A typhoon day") -> JSONValue {
        ["deadline": .init(deadline.formatted(.iso8601)), "reason": .init(reason)]
    }

    /// In so many days, without a part of a second.
    static func days(_ days: Double) -> Date {
        Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + days * 86_400).rounded())
    }

    /// When timers are due, in days from the deadline.
    static func timers(_ office: Office, from deadline: Date) async throws -> [Double] {
        let rows = try await office.service.database.query("SELECT due FROM queue.timers ORDER BY due")
        return try rows.map { (try $0.decode(Date.self).timeIntervalSince(deadline) / 864).rounded() / 100 }
    }

    @Test func timersFollowAndEverybodyIsTold() async throws {
        try await Office.run { office in
            let (cohort, firm, university, applicant) = try await ReminderTests.waiting(
                office,
                rules: ["reminderDays": [2, 9], "locksAtDeadline": true]
            )
            let tag = try #require(try await office.get(cohort).headers[.eTag])
            let deadline = Self.days(10)
            let path = "\(cohort)/ranking-deadline"
            let answer = try await office.put(path, Self.body(deadline), match: tag)
            let moved = office.expect(.ok, answer)
            #expect(moved["rankingDeadline"].string == deadline.formatted(.iso8601))
            #expect(answer.headers[.eTag] == "\"v\(moved["version"].int ?? 0)\"" && answer.headers[.eTag] != tag)
            #expect(try await office.put(path, Self.body(deadline), match: tag).status == .preconditionFailed)
            #expect(try await Self.timers(office, from: deadline) == [-9, -2, 0])

            let told = try await office.inbox.read().news.filter { $0.step == .deadline }
            #expect(Set(told.map(\.member.id.description)) == [firm, university, applicant])
            #expect(told.allSatisfy { $0.deadline == deadline })
            let entry = try #require(try await office.audit(cohort).last)
            #expect(entry["action"] == "ranking.deadline-moved" && entry["reason"] == "A typhoon day")
            #expect(entry["after"] == ["rankingDeadline": .init(deadline.formatted(.iso8601))])
            // The same once more changes nothing.
            _ = office.expect(.ok, try await office.put(path, Self.body(deadline), match: "*"))
            #expect(try await office.audit(cohort).last == entry)

            // Earlier, so that only one of the reminders is still to come: the other one's timer does nothing.
            let earlier = Self.days(5)
            _ = office.expect(.ok, try await office.put(path, Self.body(earlier), match: "*"))
            try await office.service.database.execute(
                "UPDATE queue.timers SET due = clock_timestamp() - interval '1 second' WHERE due < \(Self.days(1.5))"
            )
            try await office.service.drain()
            #expect(try await office.inbox.read().reminded.isEmpty)
            try await office.passTimers()
            // The lock's timer came too early for this deadline, and the reminder's reminded.
            #expect(try await office.get(cohort).json["state"] == "ranking")
            #expect(Set(try await office.inbox.read().reminded.map(\.deadline)) == [earlier])
        }
    }

    @Test func theTimersOfLaterRulesFollowToo() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await ReminderTests.waiting(office)
            let later = Date(timeIntervalSinceNow: 3600).formatted(.iso8601)
            let rules: JSONValue = [
                "lists": ["applicants": ["maximum": 3]], "reminderDays": [2], "locksAtDeadline": true,
            ]
            _ = office.expect(
                .created,
                try await office.post(
                    "\(cohort)/rules",
                    ["rules": rules, "effectiveFrom": .init(later), "reason": "the committee's decision"]
                )
            )
            let deadline = Self.days(10)
            let path = "\(cohort)/ranking-deadline"
            _ = office.expect(.ok, try await office.put(path, Self.body(deadline), match: "*"))
            #expect(try await Self.timers(office, from: deadline) == [-2, 0])
        }
    }

    @Test func whatHasClosedOpensAgainUntilItIsLocked() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let applicant = try await office.applicants(cohort, 1)[0].id
            try await office.passDeadline(cohort)
            #expect(try await office.rank(cohort, applicant, [[firm]]).problem?.type == "ranking-closed")
            let path = "\(cohort)/ranking-deadline"
            _ = office.expect(.ok, try await office.put(path, Self.body(Self.days(1)), match: "*"))
            #expect(try await office.rank(cohort, applicant, [[firm]]).status == .ok)
            try await office.move(cohort, to: "locked", ["closesEarly": true])
            let late = try await office.put(path, Self.body(Self.days(2)), match: "*")
            #expect(late.problem?.type == "cohort-locked")
        }
    }

    @Test func nobodyIsToldOfADraftAndFaultsAreTold() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await CohortLifeTests.drafted(office)
            let path = "\(cohort)/ranking-deadline"
            let faulty: [(JSONValue, [String])] = [
                (Self.body(Self.days(-1)), ["/deadline"]), (Self.body(Self.days(12_000)), ["/deadline"]),
                (Self.body(Self.days(1), " "), ["/reason"]), (["deadline": "soon", "reason": "x"], ["/deadline"]),
            ]
            for (body, pointers) in faulty {
                #expect(try await office.put(path, body, match: "*").problem?.pointers == pointers)
            }
            #expect(try await office.put(path, Self.body(Self.days(3))).status == .preconditionRequired)
            _ = office.expect(.ok, try await office.put(path, Self.body(Self.days(3)), match: "*"))
            #expect(try await office.inbox.read().news.isEmpty)
            let timers = try await office.service.database.query("SELECT due FROM queue.timers")
            #expect(timers.isEmpty)
        }
    }

    @Test func staffMoveItOverTheOfficePage() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.applicants(cohort, 1)
            let home = try await office.staffLink(cohort)
            let zone = try TimeZoneID("Asia/Taipei")
            let deadline = try LocalTime(Self.days(3), in: zone).moment(in: zone)
            func form(_ version: String, _ reason: String = "A typhoon day") -> [String: String] {
                ["version": version, "deadline": LocalTime(deadline, in: zone).description, "reason": reason]
            }
            let version = try await office.version(cohort)
            let unsure = try await office.client.submit("\(home)/ranking-deadline", form: form(version, ""))
            #expect(unsure.status == .unprocessableContent && unsure.text.contains("Nothing was done."))
            let answer = try await office.client.submit("\(home)/ranking-deadline", form: form(version))
            #expect(answer.headers[.location] == "\(home)?news=moved")
            #expect(try await office.view("\(home)?news=moved").text.contains("The deadline is moved"))
            #expect(try await office.get(cohort).json["rankingDeadline"].string == deadline.formatted(.iso8601))
            #expect(try await office.view(home).text.contains("value=\"\(LocalTime(deadline, in: zone))\""))
            #expect(try await office.inbox.read().news.map(\.step) == [.deadline])
            #expect(try await office.audit(cohort).last?["actor"] == "staff:mei")
            let again = try await office.client.submit("\(home)/ranking-deadline", form: form(version))
            #expect(again.status == .conflict && again.text.contains("has changed in the meantime"))
        }
    }

    @Test func staffSetUntilWhenAPublishedRoundIsAnswered() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await RoundAPITests.contest(office)
            let round = try await office.run(cohort)["id"].string
            let home = try await office.staffLink(cohort)
            let zone = try TimeZoneID("Asia/Taipei")
            let form = ["round": round, "sure": "yes"]
            for wrong in ["soon", LocalTime(Self.days(-1), in: zone).description] {
                let answer = try await office.client.submit(
                    "\(home)/publications",
                    form: form.merging(["answers": wrong]) { $1 }
                )
                #expect(answer.status == .unprocessableContent)
            }
            let until = LocalTime(Self.days(3), in: zone)
            let answer = try await office.client.submit(
                "\(home)/publications",
                form: form.merging(["answers": until.description]) { $1 }
            )
            #expect(answer.status == .seeOther, "\(answer.text)")
            let offers = try await office.offers(of: cohort).all
            let moment = try until.moment(in: zone).formatted(.iso8601)
            #expect(!offers.isEmpty && offers.allSatisfy { $0["deadline"].string == moment })
        }
    }
}
