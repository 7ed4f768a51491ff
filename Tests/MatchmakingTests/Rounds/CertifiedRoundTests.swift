import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Rounds that count certified rankings only")
struct CertifiedRoundTests {
    static let rules: JSONValue = ["certification": "required"]

    static func certify(_ office: Office, _ owner: String, version: Int = 1) async throws {
        _ = office.expect(.ok, try await office.put("\(owner)/certification", [:], match: "\"v\(version)\""))
    }

    static func result(_ office: Office, _ applicant: String) async throws -> JSONValue {
        office.expect(.ok, try await office.get("/applicants/\(applicant)/result"))
    }

    @Test func whatIsNotCertifiedDoesNotCount() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = try await office.firms(cohort, [4, 4])
            let applicants = try await office.applicants(cohort, 4, language: "en").map(\.id)
            let ranked = [applicants[0], applicants[1], applicants[3]]
            try await office.importRankings(
                cohort,
                applicants: Dictionary(uniqueKeysWithValues: ranked.map { ($0, [[firms[1]], [firms[0]]]) }),
                firms: [firms[0]: [applicants], firms[1]: [applicants]]
            )
            try await office.setRules(cohort, Self.rules)
            try await Self.certify(office, "\(cohort)/applicants/\(applicants[0])")
            // What is changed after it was certified has to be certified anew.
            try await Self.certify(office, "\(cohort)/applicants/\(applicants[3])")
            _ = office.expect(.ok, try await office.rank(cohort, applicants[3], [[firms[0]]], version: 1))
            try await Self.certify(office, "/positions/\(firms[0])")
            let round = try await office.run(cohort)
            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            #expect(round["placed"] == 1 && round["unplaced"] == 3 && round["blockingPairs"] == 0)

            let first = try await Self.result(office, applicants[0])
            #expect(first["firm"].string == firms[0] && first["excluded"] == nil)
            #expect(first["steps"].items.map(\.["outcome"]) == ["not-certified", "placed"])
            #expect(try await office.page(first["resultLink"].string).text.contains("had not certified its list"))
            for applicant in [applicants[1], applicants[3]] {
                let out = try await Self.result(office, applicant)
                #expect(out["firm"] == nil && out["excluded"] == "not-certified" && out["steps"].items.isEmpty)
                #expect(try await office.page(out["resultLink"].string).text.contains("your list was not certified"))
            }
            // Who ranked nobody had nothing to certify.
            #expect(try await Self.result(office, applicants[2])["excluded"] == nil)
        }
    }

    @Test func aTeamsOneCertificationStandsForItsMembers() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [6])[0]
            let people = try await office.applicants(cohort, 6).map(\.id)
            let teams = try await office.groups(
                cohort,
                (0..<3).map { Office.group("team", Array(people[2 * $0..<2 * $0 + 2])) }
            )
            try await office.setRules(cohort, ["certification": "required", "enrolment": "required"])
            for team in teams {
                let list: JSONValue = ["ranking": .init([[firm]])]
                _ = office.expect(.ok, try await office.put("/groups/\(team)/ranking", list, match: "\"v0\""))
            }
            for team in [teams[0], teams[2]] { try await Self.certify(office, "/groups/\(team)") }
            for person in people.dropLast() {
                _ = office.expect(.ok, try await office.put("/applicants/\(person)/enrolment", ["enrolled": true]))
            }
            try await office.importRankings(cohort, applicants: [:], firms: [firm: [teams]])
            try await Self.certify(office, "/positions/\(firm)")
            let round = try await office.run(cohort)["id"].string
            _ = office.expect(.created, try await office.post("/rounds/\(round)/publication", [:]))
            var outcomes: [JSONValue] = []
            for person in people {
                let result = try await Self.result(office, person)
                outcomes.append(result["firm"] == nil ? result["excluded"] : "placed")
            }
            // Of the last team one is not enrolled, so that the other is alone, without a list.
            #expect(
                outcomes == ["placed", "placed", "not-certified", "not-certified", nil, "not-enrolled"]
            )
        }
    }

    @Test func whoHasNotCertifiedIsListedRemindedAndShown() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [2])[0]
            let positions = try await office.positions(cohort, firm, ["a", "b"].map { Office.position($0) })
            let people = try await office.applicants(cohort, 4).map(\.id)
            let team = try await office.groups(cohort, [Office.group("team", Array(people[2..<4]))])[0]
            func outstanding() async throws -> [String: JSONValue] {
                let items = office.expect(.ok, try await office.get("\(cohort)/outstanding"))["items"].items
                return Dictionary(uniqueKeysWithValues: items.map { ($0["id"].string, $0) })
            }
            func actions() async throws -> [String: JSONValue] { try await outstanding().mapValues { $0["action"] } }
            let all: [String: JSONValue] = [people[0]: "rank", people[1]: "rank", team: "rank", firm: "rank"]
            #expect(try await actions() == all)
            #expect(try await outstanding()[team]?["role"] == "team")

            _ = office.expect(.ok, try await office.rank(cohort, people[0], [[positions[0]]]))
            let list: JSONValue = ["ranking": .init([[positions[0]]])]
            _ = office.expect(.ok, try await office.put("/groups/\(team)/ranking", list, match: "\"v0\""))
            let ranking: JSONValue = ["ranking": .init([[people[0]]])]
            for position in positions {
                #expect(try await actions()[firm] == "rank")
                _ = office.expect(.ok, try await office.put("/positions/\(position)/ranking", ranking, match: "\"v0\""))
            }
            #expect(try await actions() == [people[1]: "rank"])
            try await office.setRules(cohort, Self.rules)
            #expect(
                try await actions() == all.merging([people[0]: "certify", team: "certify", firm: "certify"]) { $1 }
            )

            // Each member of the team is written to, and the team counts as one.
            let answer = office.expect(.ok, try await office.post("\(cohort)/reminders", [:]))
            #expect(answer == ["reminded": 3, "before": 0, "unreachable": 1])
            let told = try await office.inbox.read().reminded
            #expect(
                Dictionary(uniqueKeysWithValues: told.map { ($0.member.id.description, $0.action) })
                    == [people[0]: .certify, people[1]: .rank, people[2]: .certify, people[3]: .certify]
            )
            #expect(told.allSatisfy { $0.member.role == .applicant })

            let page = try await office.view(try await office.staffLink(cohort)).text
            #expect(page.contains("<dt>Applicants whose list is not certified</dt><dd>2</dd>"))
            #expect(page.contains("<dt>Firms whose ranking is not certified</dt><dd>1</dd>"))
            #expect(page.contains("<dt>Applicants without a saved list</dt><dd>1</dd>"))
            #expect(page.contains("<th scope=\"row\">The team</th><td data-label=\"Who\">Team</td>"))
            #expect(page.contains("The certification of the list"))

            try await Self.certify(office, "\(cohort)/applicants/\(people[0])")
            try await Self.certify(office, "/groups/\(team)")
            for position in positions {
                #expect(try await actions()[firm] == "certify")
                try await Self.certify(office, "/positions/\(position)")
            }
            #expect(try await actions() == [people[1]: "rank"])
        }
    }

    @Test func thePagesSayThatItCounts() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firm = try await office.firms(cohort, [1])[0]
            let applicant = try await office.applicants(cohort, 1, language: "en")[0]
            _ = office.expect(.ok, try await office.rank(cohort, applicant.id, [[firm]]))
            let link = office.expect(.ok, try await office.get("/firms/\(firm)/link"))["link"].string
            #expect(!(try await office.page(link).text.contains("counts only if")))
            try await office.setRules(cohort, Self.rules)
            #expect(try await office.page(link).text.contains("counts only if"))
            let page = try await office.page(applicant.link).text
            #expect(page.contains("a list that is not certified at the deadline does not count"))
        }
    }
}
