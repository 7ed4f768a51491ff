import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

/// The cross-border alliance of 2018: whole teams go to trading firms. Which team has how many members and who wants
/// whom is generated; the rest is on public record.
@Suite("The cross-border alliance, end to end over the API")
struct AllianceTests {
    struct Record: Decodable {
        struct University: Decodable {
            let id: String
            let en: String
        }
        let universities: [University]
        let platforms: [String]
        let tradingFirms: Int
        let teams: Int
        let students: Int

        static func read() throws -> Record {
            let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            let file = root.appending(path: "Services/Operator/Resources/Demo/cross-border-alliance.json")
            return try JSONDecoder().decode(Record.self, from: Data(contentsOf: file))
        }

        /// As even as it goes.
        var sizes: [Int] { (0..<teams).map { students / teams + ($0 < students % teams ? 1 : 0) } }
    }

    struct Team: Sendable {
        let id: String
        let members: [String]
        let platform: String
        var wishes: [String] = []
    }

    @Test func wholeTeamsGoToFirmsAndEveryStudentIsTold() async throws {
        let record = try Record.read()
        #expect((record.teams, record.tradingFirms, record.students) == (30, 30, 158))
        try await Office.run { office in
            var draft = Office.draft()
            draft["maximumChoices"] = 6
            let cohort = try await office.cohort(draft)
            let platforms = record.platforms.map { $0.lowercased() }
            let positions = try await Self.positions(office, cohort, record.tradingFirms, platforms)
            var teams = try await Self.teams(office, cohort, record, platforms)
            #expect(teams.flatMap(\.members).count == record.students)
            var random = SeededGenerator(2018)
            for index in teams.indices {
                let open = positions.filter { $0.platforms.contains(teams[index].platform) }.map(\.id)
                teams[index].wishes = Array(open.shuffled(using: &random).prefix(6))
            }
            let lists = positions.map { position in
                let wanted = teams.filter { $0.wishes.contains(position.id) }.map(\.id)
                return (position.id, wanted.shuffled(using: &random))
            }
            try await Self.rank(office, cohort, teams, lists)

            let round = try await office.run(cohort)
            #expect(round["blockingPairs"] == 0)
            let placements = try await office.placements(round["id"].string)
            #expect(placements.count == record.students)
            #expect(round["placed"].int == placements.values.count { $0["position"] != nil })
            try Self.check(teams, placements, lists)

            _ = office.expect(.created, try await office.post("/rounds/\(round["id"].string)/publication", [:]))
            let told = try await office.inbox.read().placements
            #expect(Set(told.map(\.applicantID.description)) == Set(placements.keys))
            #expect(told.count == record.students)
            let offers = try await office.offers(of: cohort).byApplicant
            for message in told {
                let id = message.applicantID.description
                #expect((message.firm == nil) == (placements[id]?["position"] == nil))
                #expect((offers[id] == nil) == (message.firm == nil))
                let result = office.expect(.ok, try await office.get("/applicants/\(id)/result"))
                #expect(result["position"] == placements[id]?["position"])
                #expect(!result["steps"].items.isEmpty)
                let page = try await office.page(result["resultLink"].string)
                #expect(page.status == .ok)
                if let firm = message.firm { #expect(page.text.contains(Words.escaped(firm[.english]))) }
            }
        }
    }

    /// A position for a whole team at each firm, which works with one or two of the platforms.
    private static func positions(
        _ office: Office,
        _ cohort: String,
        _ count: Int,
        _ platforms: [String]
    ) async throws -> [(id: String, platforms: [String])] {
        let firms = try await office.firms(cohort, Array(repeating: 6, count: count))
        var positions: [(id: String, platforms: [String])] = []
        for (index, firm) in firms.enumerated() {
            let own = [platforms[index % 3], platforms[(index + index / 3) % 3]]
            let body = Office.position(
                "team",
                places: 6,
                [
                    "eligibility": ["platforms": .array(Array(Set(own)).sorted().map { .init($0) })]
                ]
            )
            positions.append((try await office.positions(cohort, firm, [body])[0], own))
        }
        return positions
    }

    /// Each team is of one university, and agrees over the members' personal pages or, in part, on paper.
    private static func teams(
        _ office: Office,
        _ cohort: String,
        _ record: Record,
        _ platforms: [String]
    ) async throws -> [Team] {
        var teams: [Team] = []
        for (number, university) in record.universities.enumerated() {
            let sizes = record.sizes.enumerated().filter { $0.offset % record.universities.count == number }
            let people = try await office.applicants(
                cohort,
                sizes.reduce(0) { $0 + $1.element },
                university: university.id,
                language: "en"
            )
            var rest = people[...]
            for (index, size) in sizes {
                let members = rest.prefix(size)
                rest = rest.dropFirst(size)
                let platform = platforms[index % platforms.count]
                let onPaper = index % 2 == 0
                let more: [String: JSONValue] = ["platform": .init(platform), "name": .init("Team \(index + 1)")]
                let body = Office.group("team", members.map(\.id), agreed: onPaper, more)
                let id = try await office.groups(cohort, [body])[0]
                if !onPaper {
                    for member in members {
                        let answer = try await office.client.submit(Office.path(member.link), form: ["agree": "1"])
                        #expect(answer.status == .seeOther)
                    }
                }
                teams.append(Team(id: id, members: members.map(\.id), platform: platform))
            }
        }
        let states = try await office.get("\(cohort)/groups?limit=500").json["items"].items.map(\.["state"])
        #expect(states == Array(repeating: "formed", count: record.teams))
        return teams
    }

    private static func rank(
        _ office: Office,
        _ cohort: String,
        _ teams: [Team],
        _ lists: [(String, [String])]
    ) async throws {
        let body: JSONValue = [
            "applicants": [], "firms": [],
            "teams": .array(teams.map { ["team": .init($0.id), "ranking": .init($0.wishes.map { [$0] })] }),
            "positions": .array(lists.map { ["position": .init($0.0), "ranking": .init($0.1.map { [$0] })] }),
        ]
        let tag = try await office.get(cohort).headers[.eTag]
        let answer = office.expect(.ok, try await office.put("\(cohort)/rankings", body, match: tag))
        #expect(answer["teams"].int == teams.count)
    }

    /// Teams are together, at a place they asked for, within its room, and nobody would rather change: all that by the
    /// definition alone.
    private static func check(
        _ teams: [Team],
        _ placements: [String: JSONValue],
        _ lists: [(String, [String])]
    ) throws {
        let ranks = Dictionary(uniqueKeysWithValues: lists.map { ($0.0, $0.1) })
        var held: [String: [Team]] = [:]
        for team in teams {
            let places = Set(team.members.map { placements[$0]?["position"].string ?? "" })
            #expect(places.count == 1)
            guard let place = places.first, !place.isEmpty else { continue }
            #expect(team.wishes.contains(place))
            held[place, default: []].append(team)
        }
        for (place, there) in held {
            #expect(there.reduce(0) { $0 + $1.members.count } <= 6, "\(place)")
        }
        for team in teams {
            let own = placements[team.members[0]]?["position"].string ?? ""
            for wish in team.wishes {
                if wish == own { break }
                let rank = try #require(ranks[wish]?.firstIndex(of: team.id))
                let better = (held[wish] ?? []).filter { (ranks[wish]?.firstIndex(of: $0.id) ?? .max) < rank }
                let room = 6 - better.reduce(0) { $0 + $1.members.count }
                #expect(room < team.members.count, "\(team.id) and \(wish) block")
            }
        }
    }
}
