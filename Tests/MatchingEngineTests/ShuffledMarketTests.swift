import MatchingEngine
import Testing

/// Markets of every kind give the same outcome in whatever order they are written.
@Suite struct ShuffledMarketTests {
    private func check(_ input: MarketInput, _ rules: MatchingRules, _ seed: Int) throws {
        var random = SeededGenerator(seed)
        let shuffled = input.shuffled(&random)
        func solved(_ input: MarketInput) throws -> Outcome? {
            do { return try Market(input).solve(rules) } catch is UnsupportedMarket { return nil }
        }
        let first = try solved(input)
        let second = try solved(shuffled)
        #expect(first?.matching == second?.matching, "seed \(seed)")
        #expect(first?.certificate == second?.certificate, "seed \(seed)")
        #expect(first?.statistics == second?.statistics, "seed \(seed)")
        #expect(first?.explanations() == second?.explanations(), "seed \(seed)")
    }

    @Test func withPositionsAndMinima() throws {
        for seed in 0..<60 {
            try check(PositionTests.market(seed, ties: true, minima: seed % 2 == 0), MatchingRules(), seed)
            try check(PositionTests.market(seed, ties: true), MatchingRules(goal: .mostPlaced), seed)
        }
    }

    @Test func withCategories() throws {
        for seed in 0..<60 { try check(CategoryTests.market(seed), MatchingRules(), seed) }
    }

    @Test func withMinimumQuotas() throws {
        for seed in 0..<60 {
            try check(QuotaTests.market(seed, ties: true), MatchingRules(), seed)
            try check(QuotaTests.market(seed, ties: true), MatchingRules(goal: .envyFree), seed)
        }
    }

    @Test func withRegionsAndTeams() throws {
        for seed in 0..<60 {
            var input = RandomMarket(firms: 2...4, capacity: 1...3, ties: true)(seed)
            input.teams = [.init(id: "t", members: ["x", "y"], ranking: [[input.firms[0].id]])]
            input.firms[0].ranking.append(["t"])
            var regional = input
            regional.regions = [
                .init(id: "a", firms: [input.firms[0].id], maximum: 1),
                .init(id: "b", firms: [input.firms[1].id], maximum: 1, targets: [input.firms[1].id: 1]),
            ]
            try check(regional, MatchingRules(), seed)
            input.teams[0].seats = 2
            try check(input, MatchingRules(), seed)
        }
    }

    @Test func withStrictGoals() throws {
        for seed in 0..<60 {
            for goal in [MatchingRules.Goal.strong, .super, .mostPlaced] {
                try check(RandomMarket(ties: true)(seed), MatchingRules(goal: goal), seed)
            }
        }
    }
}
