import Domain
import Foundation
import Testing

@testable import Matchmaking

@Suite("One run beside another")
struct ComparisonRulesTests {
    static let firms = (0..<3).map { index in
        Firm(id: FirmID(), code: slug("firm-\(index)"), name: name("Firm \(index)"), capacity: 2)
    }

    static func slug(_ text: String) -> Slug {
        (try? Slug(text)) ?? { preconditionFailure("no slug: \(text)") }()
    }

    static func name(_ text: String) -> LocalizedText {
        (try? LocalizedText([.english: text])) ?? { preconditionFailure("no text: \(text)") }()
    }

    static func person(_ university: String, _ economy: String) throws -> ComparedPerson {
        ComparedPerson(
            id: ApplicantID(),
            name: try PersonName("P"),
            university: try Slug(university),
            economy: try EconomyCode(economy)
        )
    }

    static func side(_ standings: [ApplicantID: Standing]) -> RoundComparison.Side {
        let record = RoundRecord(
            id: RoundID(),
            cohort: CohortID(),
            number: 1,
            rulesVersion: 1,
            marketVersion: 1,
            createdAt: Date(),
            placed: standings.values.count { $0.firm != nil },
            unplaced: 0,
            blockingPairs: 0,
            runID: "",
            engine: "",
            seedHash: "",
            certificate: CertificateRecord(inputHash: "", notion: "", verdict: "", breaches: [], blocking: []),
            statistics: StatisticsRecord(seats: 0, filledSeats: 0, rankProfile: [], categories: [:])
        )
        return RoundComparison.Side(record: record, firms: [:], standings: standings)
    }

    @Test func whoMovesGainsAndLoses() throws {
        let people = try ["ntu", "ntu", "ntu", "nthu", "nthu", "nthu", "nthu"].map { try Self.person($0, "VN") }
        let ids = people.map(\.id)
        let (first, second, third) = (Self.firms[0].id, Self.firms[1].id, Self.firms[2].id)
        let before = Self.side([
            ids[0]: .none, ids[1]: Standing(firm: first, choice: 2), ids[2]: Standing(firm: first, choice: 1),
            ids[3]: Standing(firm: second, choice: 1), ids[4]: Standing(firm: third, choice: 2),
            ids[5]: Standing(firm: third, choice: 1),
        ])
        let after = Self.side([
            ids[0]: Standing(firm: first, choice: 3), ids[1]: Standing(firm: second, choice: 1),
            ids[2]: Standing(firm: first, choice: 1), ids[3]: Standing(firm: first, choice: 2), ids[4]: .none,
            ids[5]: Standing(firm: first, choice: 1),
        ])
        let comparison = RoundComparison(before, after, people: people, firms: Self.firms)
        #expect(comparison.moves.map(\.person.id) == [ids[0], ids[1], ids[3], ids[4], ids[5]])
        #expect(comparison.moves.map(\.effect) == [.placed, .better, .worse, .unplaced, .aside])
        #expect(comparison.count(\.gains) == 2)
        #expect(comparison.count(\.loses) == 2)
        let expected = [
            RoundComparison.Group(code: "nthu", applicants: 4, placedBefore: 3, placedAfter: 2, gained: 0, lost: 2),
            RoundComparison.Group(code: "ntu", applicants: 3, placedBefore: 2, placedAfter: 3, gained: 2, lost: 0),
        ]
        #expect(comparison.universities == expected)
        #expect(comparison.economies.map(\.code) == ["VN"])
        #expect(comparison.firms.map(\.came) == [3, 1, 0])
        #expect(comparison.firms.map(\.left) == [1, 1, 2])
    }

    @Test func aRunBesideItselfMovesNobody() throws {
        let people = try [Self.person("ntu", "VN"), Self.person("ntu", "MY")]
        let side = Self.side([people[0].id: Standing(firm: Self.firms[0].id, choice: 1)])
        let comparison = RoundComparison(side, side, people: people, firms: Self.firms)
        #expect(comparison.moves.isEmpty)
        #expect(comparison.economies.map(\.placedAfter) == [0, 1])
    }
}
