import Foundation
import HTTPTypes
import TestKit
import Testing

@Suite("What a round computes")
struct StabilityTests {
    @Test(arguments: [1, 2, 3])
    func placementsAreStableAndExplained(_ seed: UInt64) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let capacities = [3, 2, 2, 1, 0, 4]
            let firms = try await office.firms(cohort, capacities)
            let applicants = try await office.applicants(cohort, 30).map(\.id)
            let rankings = RandomRankings(applicants: applicants, firms: firms, choices: 3, seed: seed)
            try await office.importRankings(cohort, applicants: rankings.applicants, firms: rankings.firms)
            let run = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(run)/publication", [:]))
            let round = office.expect(.ok, try await office.get("/rounds/\(run)"))

            let check = StabilityCheck(
                applicants: rankings.applicants,
                firms: rankings.firms,
                capacities: Dictionary(uniqueKeysWithValues: zip(firms, capacities)),
                seed: round["seed"].string
            )
            let listed = office.expect(.ok, try await office.get("/rounds/\(run)/placements?limit=500"))["items"].items
            var placements: [String: String] = [:]
            for placement in listed {
                let id = placement["applicant"].string
                #expect(placement["lotteryNumber"].string == check.lottery(id))
                if placement["firm"] != nil { placements[id] = placement["firm"].string }
            }
            #expect(listed.count == 30)
            #expect(check.faults(placements).isEmpty)
            #expect(round["placed"].int == placements.count)
            #expect(round["unplaced"].int == 30 - placements.count)
            for firm in round["firms"].items {
                let members = placements.filter { $0.value == firm["firm"].string }.map(\.key)
                #expect(firm["filled"].int == members.count)
                let worst = members.compactMap { StabilityCheck.rank($0, in: rankings.firms[firm["firm"].string]) }
                    .max()
                #expect(firm["cutOff"]["rank"].int == worst)
            }
            for id in applicants {
                let result = office.expect(.ok, try await office.get("/applicants/\(id)/result"))
                try Self.expectConsistent(result, id, check, placements, round)
            }
        }
    }

    /// What an explanation says must follow from rankings and placements alone.
    static func expectConsistent(
        _ result: JSONValue,
        _ id: String,
        _ check: StabilityCheck,
        _ placements: [String: String],
        _ round: JSONValue
    ) throws {
        let list = check.applicants[id] ?? []
        #expect(result["firm"] == placements[id].map { .string($0) } ?? nil)
        #expect(result["choice"].int == placements[id].flatMap { StabilityCheck.rank($0, in: list) })
        var named: [String] = []
        for step in result["steps"].items {
            let firm = step["firm"].string
            named.append(firm)
            #expect(step["choice"].int == StabilityCheck.rank(firm, in: list))
            let rank = StabilityCheck.rank(id, in: check.firms[firm])
            let last = round["firms"].items.first { $0["firm"].string == firm }?["cutOff"]
            switch step["outcome"].string {
            case "placed": #expect(placements[id] == firm)
            case "not-ranked": #expect(rank == nil)
            case "full":
                #expect(step["rank"].int == rank)
                #expect(step["lastRank"] == last?["rank"])
                #expect(try #require(rank) > (try #require(step["lastRank"].int)))
            case "lottery":
                #expect(step["rank"].int == rank)
                #expect(step["lastRank"].int == rank)
                #expect(step["lastLottery"] == last?["lotteryNumber"])
                #expect(check.lottery(id) > step["lastLottery"].string)
            case "no-seats": #expect(check.capacities[firm] == 0)
            case "equally-good":
                #expect(
                    StabilityCheck.rank(firm, in: list) == placements[id].flatMap { StabilityCheck.rank($0, in: list) }
                )
            default: Issue.record("unexpected outcome \(step["outcome"].string)")
            }
        }
        // The list down to the group of the place, and no further.
        let reached = list.prefix { group in placements[id].map { !group.contains($0) } ?? true }
        let expected = (list.count > reached.count ? Array(list.prefix(reached.count + 1)) : list).joined()
        #expect(Set(named) == Set(expected))
        #expect(named.count == expected.count)
        if placements[id] != nil, result["choice"] == 1 { #expect(result["change"] == nil) }
    }
}
