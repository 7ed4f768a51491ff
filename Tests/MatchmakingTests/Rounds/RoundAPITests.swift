import Crypto
import Foundation
import HTTPTypes
import HummingbirdTesting
import Messaging
import Postgres
import TestKit
import Testing

@Suite("Rounds over the API")
struct RoundAPITests {
    /// Two firms with one place each; both applicants want firm 0 first, which prefers the second of them.
    static func contest(_ office: Office) async throws -> (cohort: String, firms: [String], applicants: [String]) {
        let cohort = try await office.cohort()
        let firms = try await office.firms(cohort, [1, 1])
        let applicants = try await office.applicants(cohort, 3).map(\.id)
        try await office.importRankings(
            cohort,
            applicants: [
                applicants[0]: [[firms[0]], [firms[1]]], applicants[1]: [[firms[0]]], applicants[2]: [[firms[0]]],
            ],
            firms: [
                firms[0]: [[applicants[1]], [applicants[0]], [applicants[2]]],
                firms[1]: [[applicants[0]], [applicants[1]]],
            ]
        )
        return (cohort, firms, applicants)
    }

    @Test func aRoundIsRunStoredAndRead() async throws {
        try await Office.run { office in
            let (cohort, firms, _) = try await Self.contest(office)
            let response = try await office.post("\(cohort)/rounds", ["closesEarly": true])
            let round = office.expect(.created, response)
            #expect(response.headers[.location] == "/matchmaking/api/rounds/\(round["id"].string)")
            #expect("/cohorts/\(round["cohort"].string)" == cohort)
            #expect(round["number"] == 1)
            #expect(round["state"] == "tentative")
            #expect(round["placed"] == 2)
            #expect(round["unplaced"] == 1)
            #expect(round["blockingPairs"] == 0)
            #expect(round["rankProfile"] == [["choice": 1, "applicants": 1], ["choice": 2, "applicants": 1]])
            #expect(round["firms"].items.map(\.["firm"].string) == firms)
            #expect(round["firms"].items.map(\.["filled"]) == [1, 1])
            #expect(round["firms"].items.map(\.["cutOff"]["rank"]) == [1, 1])
            #expect(round["seed"] == nil)
            #expect(round["publishedAt"] == nil)
            #expect(try await office.get("/rounds/\(round["id"].string)").json == round)
            #expect(try await office.get("\(cohort)/rounds").json["items"] == [round])
            let read = try await office.get(cohort).json
            #expect(read["state"] == "run")
            #expect(read["lottery"] == ["commitment": round["seedHash"]])
        }
    }

    @Test func beforeTheDeadlineARoundNeedsAnExplicitWish() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await Self.contest(office)
            for body in [[:], ["closesEarly": false]] as [JSONValue] {
                #expect(try await office.post("\(cohort)/rounds", body).problem?.type == "ranking-open")
            }
            #expect(try await office.get(cohort).json["state"] == "ranking")
            #expect(
                try await office.post("\(cohort)/rounds", ["closesEarly": "yes"]).problem?.pointers == ["/closesEarly"]
            )
            #expect(try await office.post("\(cohort)/rounds", ["closesEarly": true], key: "").status == .badRequest)
            try await office.passDeadline(cohort)
            _ = office.expect(.created, try await office.post("\(cohort)/rounds", [:]))
        }
    }

    @Test func anEmptyCohortIsNotRun() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let answer = try await office.post("\(cohort)/rounds", ["closesEarly": true])
            #expect(answer.problem?.type == "nothing-to-match")
            #expect(try await office.post("/cohorts/\(UUID())/rounds", [:]).problem?.status == 404)
        }
    }

    @Test func aRoundCanBeRepeatedAndComesOutTheSame() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await Self.contest(office)
            let first = try await office.run(cohort)
            let second = office.expect(.created, try await office.post("\(cohort)/rounds", [:]))
            #expect(second["id"] != first["id"])
            #expect(second["number"] == 1)
            for field in ["runId", "placed", "rankProfile", "firms", "seedHash"] {
                #expect(second[field] == first[field])
            }
            #expect(try await office.get("\(cohort)/rounds").json["items"].items.count == 2)
        }
    }

    @Test func theSameKeyRunsOnce() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await Self.contest(office)
            let first = try await office.post("\(cohort)/rounds", ["closesEarly": true], key: "run")
            _ = try await office.post("/rounds/\(first.json["id"].string)/publication", [:])
            // Also when the cohort could not be run any more.
            let again = try await office.post("\(cohort)/rounds", ["closesEarly": true], key: "run")
            #expect(again.status == .created)
            #expect(again.json == first.json)
            #expect(try await office.get("\(cohort)/rounds").json["items"].items.count == 1)
        }
    }

    @Test func placementsArePaged() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants) = try await Self.contest(office)
            let path = "/rounds/\(try await office.run(cohort)["id"].string)/placements"
            let page = office.expect(.ok, try await office.get("\(path)?limit=2"))
            let rest = office.expect(.ok, try await office.get("\(path)?limit=2&cursor=\(page["next"].string)"))
            let placements = page["items"].items + rest["items"].items
            #expect(placements.map(\.["applicant"].string) == applicants)
            #expect(placements.map(\.["firm"].string) == [firms[1], firms[0], ""])
            #expect(placements.map(\.["choice"]) == [2, 1, nil])
            #expect(placements.allSatisfy { $0["lotteryNumber"].string.count == 16 })
        }
    }

    @Test func onlyStaffSeeATentativeRoundsPlacements() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await Self.contest(office)
            let id = try await office.run(cohort)["id"].string
            for token in [office.service.tenant.machineToken, office.service.tenant.readerToken] {
                #expect(try await office.by(token).get("/rounds/\(id)/placements").problem?.type == "not-published")
            }
            _ = office.expect(.created, try await office.post("/rounds/\(id)/publication", [:]))
            for token in [office.service.tenant.machineToken, office.service.tenant.readerToken] {
                #expect(try await office.by(token).get("/rounds/\(id)/placements").status == .ok)
            }
        }
    }

    @Test func aStoredRoundCantBeChangedByTheService() async throws {
        try await Office.run { office in
            let (cohort, _, _) = try await Self.contest(office)
            let id = try await office.run(cohort)["id"].string
            _ = try await office.post("/rounds/\(id)/publication", [:])
            try await ServiceRole.withPool(office) { database, tenant in
                try await database.transaction(tenant: tenant) { tx in
                    var changed = try await tx.execute("UPDATE matchmaking.rounds SET placed = 0")
                    changed += try await tx.execute("DELETE FROM matchmaking.placements")
                    changed += try await tx.execute("UPDATE matchmaking.round_firms SET filled = 0")
                    changed += try await tx.execute("DELETE FROM matchmaking.publications")
                    let rows = try await tx.query("SELECT 1 AS one FROM matchmaking.placements")
                    #expect(changed == 0)
                    #expect(rows.count == 3)
                }
            }
        }
    }
}
