import Crypto
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

@Suite("Cohorts over the API")
struct CohortAPITests {
    @Test func aCohortIsMadeReadAndListed() async throws {
        try await Office.run { office in
            let made = try await office.post("/cohorts", Office.draft())
            let cohort = office.expect(.created, made)
            #expect(made.headers[.location] == "/matchmaking/api/cohorts/\(cohort["id"].string)")
            #expect(made.headers[.eTag] == "\"v1\"")
            #expect(cohort["state"] == "draft" && cohort["rulesVersion"] == 1)
            #expect(cohort["maximumChoices"] == 3)
            #expect(cohort["title"]["zh-Hant"] == "秋季")
            #expect(cohort["answerDays"] == 14 && cohort["refill"] == "approved")
            #expect(cohort["counts"] == ["universities": 0, "firms": 0, "places": 0, "applicants": 0])

            let read = try await office.get("/cohorts/\(cohort["id"].string)")
            #expect(office.expect(.ok, read) == cohort)
            #expect(read.headers[.eTag] == "\"v1\"")
            #expect(office.expect(.ok, try await office.get("/cohorts"))["items"] == [cohort])
        }
    }

    @Test func onlyTheCommitmentOfTheSeedIsShown() async throws {
        try await Office.run { office in
            let one = office.expect(.created, try await office.post("/cohorts", Office.draft("one")))
            let two = office.expect(.created, try await office.post("/cohorts", Office.draft("two")))
            #expect(one["lottery"].keys == ["commitment"])
            #expect(one["lottery"]["commitment"] != two["lottery"]["commitment"])
            let rows = try await office.service.database.query(
                "SELECT lottery_seed, lottery_commitment FROM matchmaking.cohorts WHERE slug = 'one'"
            )
            let (seed, commitment) = try #require(rows.first).decode(String.self, String.self)
            let hash = SHA256.hash(data: Data(seed.utf8)).map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
            #expect(commitment == hash)
            #expect(one["lottery"]["commitment"].string == hash)
        }
    }

    @Test func theSameKeyAnswersTheSame() async throws {
        try await Office.run { office in
            let draft = Office.draft()
            let first = try await office.post("/cohorts", draft, key: "k")
            let again = try await office.post("/cohorts", draft, key: "k")
            #expect(again.json == first.json)
            #expect(again.status == .created)
            let other = try await office.post("/cohorts", Office.draft("other"), key: "k")
            #expect(other.status == .unprocessableContent)
            #expect(try await office.post("/cohorts", Office.draft("none"), key: "").status == .badRequest)
        }
    }

    @Test func aSlugIsTakenOnceInATenant() async throws {
        try await Office.run { office in
            _ = try await office.cohort()
            let again = try await office.post("/cohorts", Office.draft())
            #expect(again.status == .conflict)
            #expect(again.problem?.type == "slug-taken")
            let other = office.by(office.service.otherTenant.staffToken)
            #expect(try await other.post("/cohorts", Office.draft()).status == .created)
        }
    }

    static let bad: [(String, JSONValue, String)] = [
        ("slug", "Autumn", "/slug"), ("slug", "", "/slug"), ("slug", nil, "/slug"), ("slug", 3, "/slug"),
        ("title", [:], "/title"), ("title", ["en": " "], "/title"), ("title", ["xx-12345": "x"], "/title"),
        ("title", ["en": "two\nlines"], "/title/en"),
        ("title", .object(["en": .init(String(repeating: "x", count: 201))]), "/title/en"),
        ("maximumChoices", 0, "/maximumChoices"), ("maximumChoices", 51, "/maximumChoices"),
        ("maximumChoices", "3", "/maximumChoices"), ("maximumChoices", .number(2.5), "/maximumChoices"),
        ("answerDays", 0, "/answerDays"), ("answerDays", 367, "/answerDays"), ("refill", "never", "/refill"),
        ("rankingDeadline", "tomorrow", "/rankingDeadline"),
        ("rankingDeadline", "2018-07-02T09:00:00Z", "/rankingDeadline"),
        ("rankingDeadline", "9999-07-02T09:00:00Z", "/rankingDeadline"),
    ]

    @Test func faultsAreToldByPointer() async throws {
        try await Office.run { office in
            for (field, value, pointer) in Self.bad {
                var draft = Office.draft()
                draft[field] = value
                let answer = try await office.post("/cohorts", draft)
                #expect(answer.status == .unprocessableContent, "\(field) \(value)")
                #expect(answer.problem?.pointers == [pointer], "\(field) \(value)")
            }
            let empty = try await office.post("/cohorts", Office.draft().removing("title"))
            #expect(empty.problem?.pointers == ["/title"])
            #expect(office.expect(.ok, try await office.get("/cohorts"))["items"].items.isEmpty)
        }
    }

    @Test func pagesFollowEachOther() async throws {
        try await Office.run { office in
            for number in 1...3 { _ = try await office.cohort(Office.draft("cohort-\(number)")) }
            let first = office.expect(.ok, try await office.get("/cohorts?limit=2"))
            #expect(first["items"].items.map(\.["slug"]) == ["cohort-1", "cohort-2"])
            let second = office.expect(.ok, try await office.get("/cohorts?limit=2&cursor=\(first["next"].string)"))
            #expect(second["items"].items.map(\.["slug"]) == ["cohort-3"])
            #expect(second["next"].string.isEmpty)
            #expect(try await office.get("/cohorts?cursor=nonsense").status == .badRequest)
            // A well-formed cursor of no list of ours.
            let foreign = Data("1:not-an-id".utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
            #expect(try await office.get("/cohorts?cursor=\(foreign)").status == .badRequest)
            #expect(try await office.get("/cohorts?limit=0").status == .badRequest)
        }
    }

    @Test func whatIsNotThereIsNotFound() async throws {
        try await Office.run { office in
            for id in [UUID().uuidString, "autumn"] {
                let answer = try await office.get("/cohorts/\(id)")
                #expect(answer.problem?.status == 404)
            }
        }
    }
}
