import Domain
import Testing

@testable import tradewind

@Suite("Generated people and preferences")
struct GeneratedPeopleTests {
    @Test("SplitMix64 gives the numbers of its reference")
    func reference() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
    }

    @Test("the summit's people are those of the record, the same each time, each with an address of their own")
    func summit() throws {
        let facts = try ProgrammeFacts()
        let people = try SummitPlay.people(facts)
        #expect(people.count == 2060)
        #expect(try SummitPlay.people(facts) == people)
        #expect(Set(people.map(\.email)).count == people.count)
        let teams = people.filter { $0.teamName != nil }
        #expect(teams.count == 60)
        #expect(teams.filter { $0.economy != "TW" }.count == 10)
        #expect(Set(teams.map(\.teamName)).count == 60)
        #expect(Set(people.map(\.economy)).count == 20)
    }

    @Test("every person passes the product's own parsers, and addresses end in .example")
    func parsed() throws {
        let facts = try ProgrammeFacts()
        let cast = try AllianceCast(facts)
        let alliance = cast.teams.flatMap(\.members) + cast.firms.map(\.recruiter)
        for person in try SummitPlay.people(facts) + TalentPlay.people(facts) + alliance {
            _ = try PersonName(person.name)
            _ = try EconomyCode(person.economy)
            let email = try EmailAddress(person.email)
            #expect(email.description.hasSuffix(".example"))
            #expect(!person.name.contains("{"))
            #expect(LanguageTag.supported.contains(person.language))
        }
    }

    @Test("those who cancel are different people who will have a place")
    func cancelling() throws {
        let facts = try ProgrammeFacts()
        let people = try SummitPlay.people(facts)
        let cancelling = SummitPlay.cancelling(people, facts)
        #expect(Set(cancelling).count == 40)
        #expect(Set(people.prefix(1400)).isSuperset(of: cancelling))
    }

    @Test("preferences: lists of allowed length, firms rank only who listed them, and there are ties on both sides")
    func preferences() {
        var random = SplitMix64(seed: 9)
        let preferences = GeneratedPreferences(students: 400, firms: 12, maximumChoices: 8, random: &random)
        #expect(preferences.students.count == 400 && preferences.firms.count == 12)
        for ranking in preferences.students {
            let firms = ranking.joined()
            #expect((4...8).contains(firms.count))
            #expect(Set(firms).count == firms.count)
        }
        for (firm, ranking) in preferences.firms.enumerated() {
            let students = ranking.joined()
            #expect(Set(students).count == students.count)
            #expect(students.allSatisfy { preferences.students[$0].joined().contains(firm) })
            #expect(students.count >= 20)
            #expect(ranking.contains { $0.count > 1 })
        }
        #expect(preferences.students.contains { $0.contains { $0.count > 1 } })
    }

    @Test("some firms draw far more students than others")
    func popularity() {
        var random = SplitMix64(seed: 9)
        let preferences = GeneratedPreferences(students: 400, firms: 12, maximumChoices: 8, random: &random)
        let first = (0..<12).map { firm in preferences.students.count { $0.first?.contains(firm) == true } }
        #expect((first.max() ?? 0) > 3 * max(1, first.min() ?? 0))
    }
}
