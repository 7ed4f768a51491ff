import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("Who still has to act, and reminders")
struct ReminderTests {
    /// Ranking is open; nobody has done anything. One firm and one university can be written to.
    static func waiting(
        _ office: Office,
        rules: JSONValue = ["enrolment": "required"]
    ) async throws -> (cohort: String, firm: String, university: String, applicant: String) {
        let scene = try await CohortLifeTests.drafted(office)
        _ = office.expect(
            .created,
            try await office.post(
                "\(scene.cohort)/firms",
                ["firms": [["code": "mute", "name": ["en": "M"], "capacity": 1]]]
            )
        )
        var rules = rules
        rules["lists"] = ["applicants": ["maximum": 3]]
        _ = office.expect(.created, try await office.post("\(scene.cohort)/rules", ["rules": rules]))
        try await office.move(scene.cohort, to: "open")
        try await office.move(scene.cohort, to: "ranking")
        return scene
    }

    @Test func staffSeeWhoStillHasToAct() async throws {
        try await Office.run { office in
            let (cohort, firm, university, applicant) = try await Self.waiting(office)
            let items = office.expect(.ok, try await office.get("\(cohort)/outstanding"))["items"].items
            let byName = Dictionary(uniqueKeysWithValues: items.map { ($0["name"].string, $0) })
            #expect(Set(byName.keys) == ["asus", "mute", "ntu", "Student 0"])
            #expect(byName["asus"]?["id"].string == firm && byName["asus"]?["action"] == "rank")
            #expect(byName["mute"]?["isReachable"] == false && byName["asus"]?["isReachable"] == true)
            #expect(byName["ntu"]?["id"].string == university && byName["ntu"]?["action"] == "confirm")
            #expect(byName["ntu"]?["role"] == "university" && byName["ntu"]?["count"] == 1)
            #expect(byName["Student 0"]?["id"].string == applicant && byName["Student 0"]?["role"] == "applicant")
            let page = office.expect(.ok, try await office.get("\(cohort)/outstanding?limit=3"))
            let rest = try await office.get("\(cohort)/outstanding?limit=3&cursor=\(page["next"].string)").json
            #expect(page["items"].items + rest["items"].items == items)

            // Whoever acts is off the list.
            let lists = ["applicants/\(applicant)": firm, "firms/\(firm)": applicant]
            for (path, id) in lists {
                let answer = try await office.put("\(cohort)/\(path)/ranking", ["ranking": .init([[id]])], match: "*")
                _ = office.expect(.ok, answer)
            }
            _ = office.expect(.ok, try await office.put("/applicants/\(applicant)/enrolment", ["enrolled": true]))
            let left = try await office.get("\(cohort)/outstanding").json["items"].items
            #expect(left.map(\.["name"]) == ["mute"])
            try await office.move(cohort, to: "locked", ["closesEarly": true])
            #expect(try await office.get("\(cohort)/outstanding").json["items"].items.isEmpty)
        }
    }

    @Test func oneClickRemindsEachOnceADayInTheirLanguage() async throws {
        try await Office.run { office in
            let (cohort, firm, university, applicant) = try await Self.waiting(office)
            let first = office.expect(.ok, try await office.post("\(cohort)/reminders", [:]))
            #expect(first == ["reminded": 3, "before": 0, "unreachable": 1])
            let again = office.expect(.ok, try await office.post("\(cohort)/reminders", [:]))
            #expect(again == ["reminded": 0, "before": 3, "unreachable": 1])
            let told = try await office.inbox.read().reminded
            let byMember = Dictionary(uniqueKeysWithValues: told.map { ($0.member.id.description, $0) })
            #expect(byMember[firm]?.action == .rank && byMember[firm]?.recipient.language == .traditionalChinese)
            #expect(byMember[university]?.action == .confirm && byMember[university]?.recipient.language == .malay)
            #expect(byMember[applicant]?.action == .rank && byMember[applicant]?.recipient.language == .vietnamese)
            let entries = try await office.audit(cohort).filter { $0["action"] == "members.reminded" }
            #expect(entries.map(\.["after"]["reminded"]) == ["3"])
            let listed = try await office.get("\(cohort)/outstanding").json["items"].items
            #expect(listed.filter { $0["remindedAt"] != nil }.count == 3)

            // The next day they may be reminded again.
            try await office.service.database.execute(
                "UPDATE matchmaking.reminders SET reminded_at = reminded_at - interval '23 hours'"
            )
            #expect(try await office.post("\(cohort)/reminders", [:]).json["reminded"] == 3)
            try await office.passDeadline(cohort)
            #expect(try await office.post("\(cohort)/reminders", [:]).json["reminded"] == 0)
        }
    }

    @Test func twoWhoClickAtOnceRemindOnce() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await Self.waiting(office)
            let answers = try await RaceTests.together(6) { _ in try await office.post("\(cohort)/reminders", [:]) }
            #expect(answers.allSatisfy { $0.status == .ok })
            #expect(answers.reduce(0) { $0 + ($1.json["reminded"].int ?? 0) } == 3)
            #expect(try await office.inbox.read().reminded.count == 3)
        }
    }

    @Test func theRulesRemindSomeDaysBefore() async throws {
        try await Office.run { office in
            var draft = Office.draft()
            let deadline = Date(timeIntervalSinceNow: 10 * 86_400)
            draft["rankingDeadline"] = .init(deadline.formatted(.iso8601))
            let cohort = try await office.cohort(draft)
            _ = try await office.applicants(cohort, 2)
            try await office.setRules(cohort, ["reminderDays": [7, 1, 30]])
            // One that would be past already is not set.
            let timers = try await office.service.database.query("SELECT due FROM queue.timers ORDER BY due")
            let due = try timers.map { try $0.decode(Date.self).timeIntervalSince(deadline) / 86_400 }
            #expect(due.map { ($0 * 100).rounded() / 100 } == [-7, -1])
            try await office.passTimers()
            // Both timers came, but nobody is reminded twice within a day.
            #expect(try await office.inbox.read().reminded.count == 2)
            let entry = try #require(try await office.audit(cohort).last)
            #expect(entry["action"] == "members.reminded" && entry["actor"] == "deadline")
        }
    }

    @Test func aReminderThatTheRulesDroppedDoesNothing() async throws {
        try await Office.run { office in
            var draft = Office.draft()
            draft["rankingDeadline"] = .init(Date(timeIntervalSinceNow: 10 * 86_400).formatted(.iso8601))
            let cohort = try await office.cohort(draft)
            _ = try await office.applicants(cohort, 1)
            try await office.setRules(cohort, ["reminderDays": [7]])
            try await office.setRules(cohort, ["reminderDays": []])
            try await office.passTimers()
            #expect(try await office.inbox.read().reminded.isEmpty)
        }
    }
}
