import Domain
import Testing

@Suite("Positions, criteria and joint lists")
struct PositionTests {
    static func criterion(_ code: String, weight: Int, maximum: Int = 100, fact: String? = nil) throws -> Criterion {
        Criterion(
            code: try Slug(code),
            name: try LocalizedText([.english: code]),
            weight: weight,
            maximum: maximum,
            fact: try fact.map { try Slug($0) }
        )
    }

    @Test(arguments: [(1, 3, 333), (2, 3, 667), (3, 3, 1000), (9, 3, 1000), (-1, 3, 0), (1, 2000, 1)])
    func valuesAreRoundedHalfUpToHundredths(value: Int, maximum: Int, hundredths: Int) throws {
        let criterion = try Self.criterion("a", weight: 10, maximum: maximum)
        let score = Score([criterion], scores: [criterion.code: value], facts: [:])
        #expect(score.hundredths == hundredths)
        #expect(score.parts.map(\.most) == [1000])
    }

    @Test func partsAddUpAndWhatIsUnknownEarnsNothing() throws {
        let criteria = [
            try Self.criterion("a", weight: 1, maximum: 3), try Self.criterion("b", weight: 1, maximum: 3),
            try Self.criterion("c", weight: 5, fact: "grade"), try Self.criterion("d", weight: 5, fact: "none"),
        ]
        let score = Score(
            criteria,
            scores: [criteria[0].code: 1, criteria[1].code: 1, try Slug("grade"): 100],
            facts: [try Slug("grade"): 50, criteria[0].code: 3]
        )
        #expect(score.parts.map(\.hundredths) == [33, 33, 250, 0])
        #expect(score.parts.map(\.value) == [1, 1, 50, nil])
        #expect(score.hundredths == 316)
    }

    @Test func equalTotalsAreOneGroup() {
        let ids = (0..<4).map { _ in ApplicantID() }
        let totals = [(ids[2], 5), (ids[0], 5), (ids[1], 9), (ids[3], 0)].map { (id: $0.0, hundredths: $0.1) }
        #expect(Score.order(totals) == [[ids[1]], [ids[0], ids[2]], [ids[3]]])
    }

    @Test func eligibilityAsksForEverythingItNames() throws {
        let person = ApplicantTraits(
            economy: try EconomyCode("VN"),
            university: try Slug("ntu"),
            discipline: try Slug("ict")
        )
        #expect(Eligibility.everybody.refusal(of: person) == nil)
        #expect(Eligibility(economies: [try EconomyCode("MY")]).refusal(of: person) == .economy)
        #expect(Eligibility(universities: [try Slug("nus")]).refusal(of: person) == .university)
        #expect(Eligibility(disciplines: [try Slug("law")]).refusal(of: person) == .discipline)
        #expect(Eligibility(platforms: [try Slug("ebay")]).refusal(of: person) == .platform)
        let open = Eligibility(
            economies: [try EconomyCode("VN")],
            universities: [try Slug("ntu")],
            disciplines: [try Slug("ict")]
        )
        #expect(open.refusal(of: person) == nil)
        let unknown = ApplicantTraits(economy: person.economy, university: person.university)
        #expect(open.refusal(of: unknown) == .discipline)
    }

    @Test func theJointListGoesByTheSumThenByTheWorsePlace() throws {
        let firms = (0..<2).map { _ in FirmID() }
        let ids = (0..<4).map { _ in PositionID() }
        let positions = Dictionary(
            uniqueKeysWithValues: ids.enumerated().map { index, id in
                (id, Position(id: id, firm: firms[index % 2], places: 1, description: nil))
            }
        )
        func list(_ order: [Int]) -> Ranking<PositionSubject> {
            Ranking(ids: order.map { ids[$0] }, tiers: Array(1...max(1, order.count)))
        }
        typealias Pair = JointRanking.Pair
        // 0 and 2 are the first firm's, 1 and 3 the second's.
        let near = JointRanking(list([0, 1, 2]), list([3, 2, 0]), positions: positions, apart: false)
        #expect(
            near.groups == [
                [Pair(ids[0], ids[2]), Pair(ids[1], ids[3])], [Pair(ids[0], ids[0])], [Pair(ids[2], ids[2])],
                [Pair(ids[2], ids[0])],
            ]
        )
        let apart = JointRanking(list([0]), list([1]), positions: positions, apart: true)
        #expect(apart.groups == [[Pair(ids[0], ids[1])], [Pair(ids[0], nil), Pair(nil, ids[1])]])
        #expect(JointRanking(list([0]), list([1]), positions: positions, apart: false).groups.isEmpty)
    }
}
