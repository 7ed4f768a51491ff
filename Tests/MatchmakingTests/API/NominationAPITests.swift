import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Nominations over the API")
struct NominationAPITests {
    @Test func nominatedStudentsAreInvitedInOrder() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let applicants = try await office.applicants(cohort, 3)
            let listed = office.expect(.ok, try await office.get("\(cohort)/applicants"))["items"]
            #expect(listed.items.map(\.["id"].string) == applicants.map(\.id))
            #expect(listed[1]["university"] == "ntu")
            #expect(listed[1]["email"] == "ntu-1@example.org")
            #expect(listed[1]["economy"] == "VN")
            #expect(Set(applicants.map(\.link)).count == 3)
            for applicant in applicants {
                #expect(applicant.link.hasPrefix("https://tradewind.test/matchmaking/l/"))
                #expect(try await office.page(applicant.link).status == .ok)
            }
            let inbox = try await office.inbox.read()
            #expect(inbox.invited.map(\.applicantID.description).sorted() == applicants.map(\.id).sorted())
            let first = try #require(inbox.invited.first { $0.recipient.email.description == "ntu-0@example.org" })
            #expect(first.recipient.language == .vietnamese)
            #expect("/cohorts/\(first.cohortID)" == cohort)
            #expect(first.cohortTitle[.traditionalChinese] == "秋季")
        }
    }

    @Test func oneFaultKeepsAllOutAndTellsNobody() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.applicants(cohort, 1)
            func student(_ email: JSONValue, _ field: String = "name", _ value: JSONValue = "Mai") -> JSONValue {
                var student: JSONValue = ["name": "Mai", "email": email, "language": "vi", "economy": "VN"]
                student[field] = value
                return student
            }
            let bad: [([JSONValue], [String])] = [
                ([student("a@example.org"), student("A@EXAMPLE.org")], ["/students/1/email"]),
                ([student("a@example.org"), student("NTU-0@example.org")], ["/students/1/email"]),
                ([student("a@example.org"), student("nobody")], ["/students/1/email"]),
                ([student("a@example.org", "name", "  ")], ["/students/0/name"]),
                ([student("a@example.org", "name", "\u{202E}evil")], ["/students/0/name"]),
                ([student("a@example.org", "language", "klingon")], ["/students/0/language"]),
                ([student("a@example.org", "economy", "Vietnam")], ["/students/0/economy"]),
                ([student("a@example.org").removing("economy")], ["/students/0/economy"]), ([], ["/students"]),
            ]
            for (students, pointers) in bad {
                let body: JSONValue = ["university": "ntu", "students": .array(students)]
                let answer = try await office.post("\(cohort)/nominations", body)
                #expect(answer.status == .unprocessableContent)
                #expect(answer.problem?.pointers == pointers)
            }
            let unknown: JSONValue = ["university": "nowhere", "students": Office.students(1, prefix: "x")]
            #expect(try await office.post("\(cohort)/nominations", unknown).problem?.pointers == ["/university"])
            #expect(try await office.get("\(cohort)/applicants").json["items"].items.count == 1)
            #expect(try await office.inbox.read().invited.count == 1)
        }
    }

    @Test func aRepeatedRequestInvitesOnce() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.applicants(cohort, 1)
            let body: JSONValue = ["university": "ntu", "students": Office.students(2, prefix: "again")]
            let first = try await office.post("\(cohort)/nominations", body, key: "nominate")
            let second = try await office.post("\(cohort)/nominations", body, key: "nominate")
            #expect(first.status == .created)
            #expect(second.json == first.json)
            #expect(try await office.inbox.read().invited.count == 3)
        }
    }

    @Test func nobodyIsInvitedAfterTheDeadline() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.applicants(cohort, 1)
            try await office.passDeadline(cohort)
            let body: JSONValue = ["university": "ntu", "students": Office.students(1, prefix: "late")]
            #expect(try await office.post("\(cohort)/nominations", body).problem?.type == "ranking-closed")
        }
    }

    @Test func namesOfEveryScriptAreKept() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            _ = try await office.applicants(cohort, 1)
            let names = ["王小明", "Nguyễn Thị Mai", "สมชาย ใจดี", "O'Brien <b>&amp;", "محمد", "ஸ்ரீ"]
            let students = names.enumerated().map { index, name -> JSONValue in
                ["name": .init(name), "email": .init("n\(index)@example.org"), "language": "en", "economy": "MY"]
            }
            let body: JSONValue = ["university": "ntu", "students": .array(students)]
            _ = office.expect(.created, try await office.post("\(cohort)/nominations", body))
            let listed = try await office.get("\(cohort)/applicants").json["items"].items.dropFirst()
            #expect(listed.map(\.["name"].string) == names)
        }
    }
}
