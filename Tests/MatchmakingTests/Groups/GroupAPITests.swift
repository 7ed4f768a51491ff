import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Teams and couples over the API")
struct GroupAPITests {
    @Test func aGroupIsFormedWhenEveryMemberHasAgreed() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [4])[0]
            let members = try await office.applicants(cohort, 3).map(\.id)
            let team = try await office.groups(cohort, [Office.group("team", members, agreed: false)])[0]
            #expect(try await office.get("/groups/\(team)").json["state"] == "forming")
            // Until then everybody ranks alone.
            let list: JSONValue = ["ranking": .init([[firm]])]
            #expect(
                try await office.put("/groups/\(team)/ranking", list, match: "\"v0\"").problem?.type == "group-forming"
            )
            #expect(try await office.rank(cohort, members[0], [[firm]]).status == .ok)
            for member in members {
                _ = office.expect(.ok, try await office.put("/groups/\(team)/agreement", ["applicant": .init(member)]))
            }
            let formed = try await office.get("/groups/\(team)").json
            #expect(formed["state"] == "formed")
            #expect(formed["members"].items.map(\.["applicant"].string) == members)
            #expect(try await office.get("\(cohort)/groups").json["items"] == [formed])
            #expect(try await office.put("/groups/\(team)/ranking", list, match: "\"v0\"").status == .ok)
            let alone = try await office.rank(cohort, members[0], [[firm]], version: 1)
            #expect(alone.problem?.type == "ranks-as-team")
            let certified = try await office.put("/groups/\(team)/certification", [:], match: "\"v1\"")
            #expect(certified.json["certifiedAt"] != nil)
            let stranger = try await office.put("/groups/\(team)/agreement", ["applicant": .init("\(UUID())")])
            #expect(stranger.problem?.type == "not-a-member")
            let actions = try await office.audit(cohort).map(\.["action"].string)
            #expect(actions.count { $0 == "group.agreed" } == 3)
        }
    }

    @Test func faultsOfGroupsAreNamed() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let members = try await office.applicants(cohort, 4).map(\.id)
            _ = try await office.groups(cohort, [Office.group("couple", [members[0], members[1]])])
            let stranger = "\(UUID())".lowercased()
            let bodies: [JSONValue] = [
                Office.group("couple", [members[1], members[2], members[3]]),
                Office.group("couple", [members[3], stranger]),
            ]
            let answer = try await office.post("\(cohort)/groups", ["groups": .array(bodies)])
            #expect(
                answer.problem?.pointers == [
                    "/groups/0/members", "/groups/0/members/0", "/groups/1/members/0", "/groups/1/members/1",
                ]
            )
        }
    }

    @Test func aDissolvedGroupSetsItsMembersFree() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [4])[0]
            let members = try await office.applicants(cohort, 2).map(\.id)
            let team = try await office.groups(cohort, [Office.group("team", members)])[0]
            let path = "/groups/\(team)/dissolution"
            #expect(try await office.put(path, ["reason": ""], match: "\"v1\"").problem?.pointers == ["/reason"])
            #expect(try await office.put(path, ["reason": "They asked"], match: "\"v1\"").json["state"] == "dissolved")
            #expect(try await office.rank(cohort, members[0], [[firm]]).status == .ok)
            _ = try await office.groups(cohort, [Office.group("couple", members)])
            #expect(try await office.put(path, ["reason": "Again"], match: "\"v2\"").problem?.type == "group-dissolved")
        }
    }

    @Test func aWholeTeamGoesToOneFirmWithRoomForAll() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [2, 3])
            let people = try await office.applicants(cohort, 6, language: "en").map(\.id)
            let teams = try await office.groups(
                cohort,
                [Office.group("team", Array(people.prefix(3))), Office.group("team", Array(people[3..<5]))]
            )
            let wish: JSONValue = ["ranking": .init([[firms[0]], [firms[1]]])]
            for team in teams {
                #expect(try await office.put("/groups/\(team)/ranking", wish, match: "\"v0\"").status == .ok)
            }
            #expect(try await office.rank(cohort, people[5], [[firms[1]]]).status == .ok)
            // Members are not ranked, their team is.
            let single: JSONValue = ["ranking": .init([[people[0]]])]
            let refused = try await office.put("\(cohort)/firms/\(firms[0])/ranking", single, match: "\"v0\"")
            #expect(refused.problem?.pointers == ["/ranking/0/0"])
            for firm in firms {
                let list: JSONValue = ["ranking": .init([[teams[0]], [teams[1]], [people[5]]])]
                let answer = try await office.put("\(cohort)/firms/\(firm)/ranking", list, match: "\"v0\"")
                #expect(answer.status == .ok)
            }
            let round = try await office.run(cohort)
            #expect(round["blockingPairs"] == 0)
            #expect(round["placed"] == 5)
            #expect(round["unplaced"] == 1)
            #expect(round["firms"].items.map(\.["filled"]) == [2, 3])
            #expect(round["rankProfile"] == [["choice": 1, "applicants": 2], ["choice": 2, "applicants": 3]])
            let placements = try await office.placements(round["id"].string)
            #expect(people.prefix(3).map { placements[$0]?["firm"].string } == [firms[1], firms[1], firms[1]])
            #expect(people[3..<5].map { placements[$0]?["firm"].string } == [firms[0], firms[0]])
            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            #expect(try await office.inbox.read().placements.count == 6)
            #expect(try await office.offers(of: cohort).all.count == 5)
            let page = try await office.page(try await office.resultLink(people[1])).text
            #expect(page.contains("Firm 0: there was no room for all of you together."))
            #expect(page.contains("You have a place at Firm 1."))
            #expect(page.contains("Your team The team: Student 0, Student 1, Student 2."))
        }
    }

    @Test func aTeamIsEligibleIfAllItsMembersAreAndItsPlatformIs() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [4])[0]
            let ids = try await office.positions(
                cohort,
                firm,
                [
                    Office.position("amazon", places: 4, ["eligibility": ["platforms": ["amazon"]]]),
                    Office.position("ict", places: 4, ["eligibility": ["disciplines": ["ict"]]]),
                ]
            )
            let people = try await office.applicants(cohort, 2).map(\.id)
            try await office.profiles(cohort, [["applicant": .init(people[0]), "discipline": "ict"]])
            let team = try await office.groups(cohort, [Office.group("team", people, ["platform": "amazon"])])[0]
            func rank(_ id: String) async throws -> TestResponse {
                try await office.put("/groups/\(team)/ranking", ["ranking": .init([[id]])], match: "\"v0\"")
            }
            #expect(try await rank(ids[1]).problem?.pointers == ["/ranking/0/0"])
            #expect(try await rank(ids[0]).status == .ok)
        }
    }

    @Test func aCoupleIsPlacedNearEachOther() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 1, 1])
            func one(_ firm: Int, _ location: String) async throws -> String {
                let body = Office.position("only", ["location": .init(location)])
                return try await office.positions(cohort, firms[firm], [body])[0]
            }
            let ids = [try await one(0, "taipei"), try await one(1, "tainan"), try await one(2, "tainan")]
            let people = try await office.applicants(cohort, 2, language: "en").map(\.id)
            let couple = try await office.groups(cohort, [Office.group("couple", people)])[0]
            // Alone, both would go elsewhere first.
            #expect(try await office.rank(cohort, people[0], [[ids[0]], [ids[1]]]).status == .ok)
            #expect(try await office.rank(cohort, people[1], [[ids[2]], [ids[0]]]).status == .ok)
            let joint = office.expect(.ok, try await office.get("/groups/\(couple)/ranking"))
            #expect(joint["pairs"] == [[[.init(ids[0]), .init(ids[0])], [.init(ids[1]), .init(ids[2])]]])
            let own = try await office.put("/groups/\(couple)/ranking", ["ranking": []], match: "\"v0\"")
            #expect(own.problem?.type == "not-a-team")
            for id in ids {
                let list: JSONValue = ["ranking": .init(people.map { [$0] })]
                #expect(try await office.put("/positions/\(id)/ranking", list, match: "\"v0\"").status == .ok)
            }
            let round = try await office.run(cohort)
            #expect(round["blockingPairs"] == 0)
            #expect(round["placed"] == 2)
            let placements = try await office.placements(round["id"].string)
            #expect(people.map { placements[$0]?["position"].string } == [ids[1], ids[2]])
            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            let page = try await office.page(try await office.resultLink(people[0])).text
            #expect(page.contains("You have a place at Firm 1 – Position only."))
            #expect(page.contains("Student 1 has a place at Firm 2 – Position only."))
        }
    }

    @Test func withoutNearPlacesACoupleMayAcceptToBeApart() async throws {
        for apart in [false, true] {
            try await Office.run { office in
                let cohort = try await office.cohort()
                let firms = try await office.firms(cohort, [1, 1])
                let people = try await office.applicants(cohort, 2).map(\.id)
                _ = try await office.groups(cohort, [Office.group("couple", people, ["apart": .bool(apart)])])
                try await office.importRankings(
                    cohort,
                    applicants: [people[0]: [[firms[0]]], people[1]: [[firms[1]]]],
                    firms: [firms[0]: [[people[0]]], firms[1]: [[people[1]]]]
                )
                #expect(try await office.run(cohort)["placed"] == (apart ? 2 : 0))
            }
        }
    }

    @Test func couplesAndTeamsAreMatchedTogether() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [3, 2])
            let people = try await office.applicants(cohort, 5).map(\.id)
            let couple = Office.group("couple", Array(people[0..<2]), ["apart": true])
            let ids = try await office.groups(cohort, [couple, Office.group("team", Array(people[2..<5]))])
            let list: JSONValue = ["ranking": .init(firms.map { [$0] })]
            #expect(try await office.put("/groups/\(ids[1])/ranking", list, match: "\"v0\"").status == .ok)
            // The first firm would rather have one of the couple than the team, which then finds no room.
            try await office.importRankings(
                cohort,
                applicants: [people[0]: [[firms[0]]], people[1]: [[firms[1]]]],
                firms: [firms[0]: [[people[0]], [ids[1]]], firms[1]: [[people[1]], [ids[1]]]]
            )
            let round = try await office.run(cohort)
            #expect(round["blockingPairs"] == 0 && round["placed"] == 2)
            let placements = try await office.placements(round["id"].string)
            #expect(people.prefix(2).map { placements[$0]?["firm"].string } == firms)
            for member in people[2...] { #expect(try #require(placements[member])["firm"] == nil) }
        }
    }

    @Test func whoIsLeftOfACoupleGoesAlone() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [1, 2])
            let people = try await office.applicants(cohort, 3).map(\.id)
            _ = try await office.groups(cohort, [Office.group("couple", [people[0], people[1]])])
            try await office.importRankings(
                cohort,
                applicants: [people[0]: [[firms[1]]], people[1]: [[firms[1]], [firms[0]]], people[2]: [[firms[0]]]],
                firms: [firms[0]: [[people[2]], [people[1]]], firms[1]: [[people[0]], [people[1]]]]
            )
            let round = try await office.run(cohort)["id"].string
            _ = try await office.post("/rounds/\(round)/publication", [:])
            let offers = try await office.offers(of: cohort).byApplicant
            #expect(offers.count == 3)
            // The place of one is withdrawn, the other declines: the first goes on alone.
            let first = try #require(offers[people[0]])
            let withdrawal: JSONValue = ["subject": "place", "reason": "budget"]
            let path = "/offers/\(first["id"].string)/withdrawal"
            _ = office.expect(.ok, try await office.put(path, withdrawal, match: "\"v1\""))
            _ = office.expect(.ok, try await office.answer(try #require(offers[people[1]]), "decline"))
            let next = office.expect(.created, try await office.post("\(cohort)/supplementary-rounds", [:]))
            #expect(next["placed"] == 1)
            #expect(try await office.placements(next["id"].string)[people[0]]?["firm"].string == firms[1])
        }
    }
}
