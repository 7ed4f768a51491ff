import Testing

@testable import tradewind

@Suite("The alliance's cast")
struct AllianceCastTests {
    private let facts: ProgrammeFacts
    private let cast: AllianceCast

    init() throws {
        facts = try ProgrammeFacts()
        cast = try AllianceCast(facts)
    }

    @Test("it has the teams, students, firms and platforms of the record, each student once")
    func numbers() {
        #expect(cast.teams.count == 30 && cast.firms.count == 30)
        #expect(cast.teams.map(\.members.count).reduce(0, +) == 158)
        #expect(Set(cast.teams.map(\.members.count)) == [5, 6])
        #expect(Set(cast.teams.flatMap(\.members).map(\.email)).count == 158)
        #expect(Set(cast.teams.map(\.name)).count == 30)
        #expect(Set(cast.teams.map(\.university)) == Set(facts.alliance.universities.map(\.id)))
        #expect(Set(cast.teams.map(\.platform)) == ["amazon", "alibaba", "ebay"])
        #expect(facts.alliance.largestTeam == 6)
    }

    @Test(
        "teams wish only for firms that sell on their platform, none twice, and some firms are wanted more than others"
    )
    func wishes() {
        var count: [Int: Int] = [:]
        for team in cast.teams {
            #expect(team.wishes.count == 6 && Set(team.wishes).count == 6)
            for firm in team.wishes {
                #expect(cast.firms[firm].platforms.contains(team.platform))
                count[firm, default: 0] += 1
            }
        }
        #expect((count.values.max() ?? 0) > 2 * 180 / 30)
    }

    @Test("scores are within a criterion's range, the same each time, and not the same for all")
    func scores() throws {
        let again = try AllianceCast(facts)
        let scores = (0..<30).map { cast.score(of: $0, by: 3, criterion: 0) }
        #expect(scores == (0..<30).map { again.score(of: $0, by: 3, criterion: 0) })
        #expect(scores.allSatisfy { (0...100).contains($0) })
        #expect(Set(scores).count > 15)
        #expect(cast.languageGrades() == again.languageGrades())
        #expect(cast.languageGrades().values.allSatisfy { (0...100).contains($0) })
    }
}
