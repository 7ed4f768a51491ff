import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestKit
import Testing

@Suite("Places that became free")
struct SupplementaryRoundTests {
    @Test func aDeclinedPlaceGoesToTheNextWhenStaffPublish() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants, _) = try await office.published()
            let path = "\(cohort)/supplementary-rounds"
            #expect(try await office.post(path, [:]).problem?.type == "nothing-to-fill")
            let offers = try await office.offers(of: cohort).byApplicant
            let kept = office.expect(.ok, try await office.answer(try #require(offers[applicants[0]]), "accept"))
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[1]]), "decline"))
            try await office.service.drain()
            #expect(try await office.offers(of: cohort).all.count == 2)

            let response = try await office.post(path, [:], key: "again")
            let round = office.expect(.created, response)
            #expect(try await office.post(path, [:], key: "again").json == round)
            #expect(round["number"] == 2 && round["placed"] == 1 && round["blockingPairs"] == 0)
            #expect(round["firms"].items.map(\.["capacity"]) == [1, 0])
            #expect(try await office.get("/rounds/\(round["id"].string)").json == round)
            #expect(try await office.offers(of: cohort).all.count == 2)
            let publication = "/rounds/\(round["id"].string)/publication"
            _ = office.expect(.created, try await office.post(publication, [:]))
            _ = office.expect(.ok, try await office.post(publication, [:]))

            let after = try await office.offers(of: cohort).byApplicant
            #expect(after[applicants[0]] == kept)
            #expect(after[applicants[2]]?["firm"].string == firms[0])
            #expect(after[applicants[2]]?["state"] == "offered")
            // Three were told of the first round, and whoever has a place now of the second.
            let told = try await office.inbox.read().placements
            #expect(told.count == 4)
            #expect(
                told.filter { $0.applicantID.description == applicants[2] }.map { $0.firm?[.english] } == [
                    nil, "Firm 0",
                ]
            )
            let result = try await office.get("/applicants/\(applicants[2])/result").json
            #expect(result["firm"].string == firms[0])
            // Whoever declined is offered nothing again.
            #expect(try await office.post(path, [:]).problem?.type == "nothing-to-fill")
        }
    }

    @Test func theRuleFillsByItself() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants, _) = try await office.published(refill: "automatic")
            let offers = try await office.offers(of: cohort).byApplicant
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[1]]), "decline"))
            try await office.service.drain()
            let after = try await office.offers(of: cohort).byApplicant
            #expect(after[applicants[2]]?["firm"].string == firms[0])
            #expect(after[applicants[0]] == offers[applicants[0]])
            #expect(try await office.audit(cohort).suffix(2).map(\.["actor"]) == ["refill", "refill"])
            // Nobody is left: when the rest expires, nothing more is run.
            try await office.passTimers()
            #expect(try await office.offers(of: cohort).all.allSatisfy { $0["state"] != "offered" })
            #expect(try await office.get("\(cohort)/rounds").json["items"].items.count == 2)
        }
    }

    @Test func aPlaceThatIsGoneIsNotGivenAgain() async throws {
        try await Office.run { office in
            let (cohort, firms, applicants, _) = try await office.published(refill: "automatic")
            let offers = try await office.offers(of: cohort).byApplicant
            func withdraw(_ applicant: String, _ subject: JSONValue) async throws {
                let offer = try #require(offers[applicant])
                _ = office.expect(
                    .ok,
                    try await office.put(
                        "/offers/\(offer["id"].string)/withdrawal",
                        ["subject": subject, "reason": "as agreed"],
                        match: "\"v1\""
                    )
                )
                try await office.service.drain()
            }
            // Applicant 1 lost firm 0's place, and is on firm 1's list but does not want it.
            try await withdraw(applicants[1], "place")
            #expect(try await office.offers(of: cohort).all.count == 2)
            try await withdraw(applicants[0], "applicant")
            #expect(try await office.offers(of: cohort).all.count == 2)
            let unfilled = try await office.get("\(cohort)/exports/unfilled.jsonl").text
            #expect(unfilled.contains(firms[1]) && !unfilled.contains(firms[0]))
        }
    }

    @Test func aRoundWhosePlacesAreGoneIsNotPublished() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let early = try await office.post(
                "\(try await office.cohort(Office.draft("new")))/supplementary-rounds",
                [:]
            )
            #expect(early.problem?.type == "not-published")
            let offers = try await office.offers(of: cohort).byApplicant
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[1]]), "decline"))
            let round = office.expect(.created, try await office.post("\(cohort)/supplementary-rounds", [:]))
            // Meanwhile another run of it gives the place.
            let rival = office.expect(.created, try await office.post("\(cohort)/supplementary-rounds", [:]))
            #expect(rival["id"] != round["id"])
            _ = office.expect(.created, try await office.post("/rounds/\(rival["id"].string)/publication", [:]))
            let late = try await office.post("/rounds/\(round["id"].string)/publication", [:])
            #expect(late.problem?.type == "already-published")
        }
    }

    @Test func whatStaffRanIsCheckedAgainWhenTheyPublish() async throws {
        try await Office.run { office in
            let (cohort, _, applicants, _) = try await office.published()
            let offers = try await office.offers(of: cohort).byApplicant
            _ = office.expect(.ok, try await office.answer(try #require(offers[applicants[1]]), "decline"))
            let round = office.expect(.created, try await office.post("\(cohort)/supplementary-rounds", [:]))
            try await office.service.database.execute("UPDATE matchmaking.firms SET capacity = 0")
            let late = try await office.post("/rounds/\(round["id"].string)/publication", [:])
            #expect(late.problem?.type == "round-outdated")
            #expect(try await office.offers(of: cohort).all.count == 2)
        }
    }

    /// Many who decline: nobody else is moved, and what is filled is stable among those who were left.
    @Test(arguments: [11, 12, 13])
    func acceptedPlacesAreNeverDisturbed(_ seed: UInt64) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [3, 2, 2, 1, 4])
            let applicants = try await office.applicants(cohort, 30).map(\.id)
            let rankings = RandomRankings(applicants: applicants, firms: firms, choices: 3, seed: seed)
            try await office.importRankings(cohort, applicants: rankings.applicants, firms: rankings.firms)
            let first = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(first)/publication", [:]))
            let offers = try await office.offers(of: cohort).all
            var kept: [String: String] = [:]
            var free: [String: Int] = [:]
            for (number, offer) in offers.enumerated() {
                let answer = number.isMultiple(of: 2) ? "decline" : "accept"
                _ = office.expect(.ok, try await office.answer(offer, answer))
                if answer == "accept" { kept[offer["applicant"].string] = offer["firm"].string }
            }
            for (firm, capacity) in zip(firms, [3, 2, 2, 1, 4]) {
                free[firm] = capacity - kept.values.count { $0 == firm }
            }
            let round = office.expect(.created, try await office.post("\(cohort)/supplementary-rounds", [:]))
            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            let after = try await office.offers(of: cohort).all
            for (applicant, firm) in kept {
                let own = after.filter { $0["applicant"].string == applicant }
                #expect(own.map(\.["firm"].string) == [firm] && own.map(\.["state"]) == ["accepted"])
            }
            let offered = Set(offers.map(\.["applicant"].string))
            let left = Set(applicants).subtracting(offered)
            let new = after.filter { !offered.contains($0["applicant"].string) }
            #expect(!new.isEmpty)
            let check = StabilityCheck(
                applicants: rankings.applicants.filter { left.contains($0.key) },
                firms: rankings.firms,
                capacities: free,
                seed: try await office.get(cohort).json["lottery"]["seed"].string
            )
            let placed = Dictionary(uniqueKeysWithValues: new.map { ($0["applicant"].string, $0["firm"].string) })
            #expect(check.faults(placed).isEmpty)
        }
    }
}
