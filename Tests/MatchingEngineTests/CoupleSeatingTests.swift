import Testing

@testable import MatchingEngine

/// What is kept up to date with each move must be what looking at everything anew would find.
@Suite struct CoupleSeatingTests {
    @Test func blockingOptionsAreThoseThatTheCheckerCounts() throws {
        var counts = Set<Int>()
        for seed in 0..<120 {
            try wander(seed) { seating, market in
                let matching = market.matching(seating.edges(market))
                let checked = MatchingChecker(market.input).certificate(for: matching, rules: MatchingRules())
                #expect(checked.breaches.isEmpty, "seed \(seed)")
                #expect(checked.blocking.count == seating.blocking, "seed \(seed)")
                #expect(seating.restless.isEmpty == (seating.blocking == 0))
                counts.insert(seating.blocking)
            }
        }
        #expect(counts.count > 5)
    }

    @Test func aMoveThatIsTakenBackLeavesNoTrace() throws {
        for seed in 0..<120 {
            try wander(seed) { seating, market in
                let before = (seating.edges(market), seating.blocking, seating.restless.sorted())
                for agent in seating.restless.sorted() {
                    let option = try #require(seating.bestOpen(agent))
                    let move = seating.move(agent, to: option)
                    #expect(seating.held[agent] == option)
                    seating.takeBack(move)
                    #expect(seating.edges(market) == before.0, "seed \(seed)")
                    #expect(seating.blocking == before.1, "seed \(seed)")
                    #expect(seating.restless.sorted() == before.2, "seed \(seed)")
                }
            }
        }
    }

    /// Some steps of agents that have their way; nobody is tied, so that the lottery adds nothing.
    private func wander(_ seed: Int, _ look: (inout CoupleSeating, Market) throws -> Void) throws {
        var random = SeededGenerator(seed)
        let market = try Market(RandomCouplesMarket(teams: seed % 3)(seed))
        let strict = StrictPreferences(market, Lottery(seed: "", round: ""))
        var seating = CoupleSeating(CoupleOptions(market, strict, Agents(market, strict)))
        for _ in 0..<12 {
            try look(&seating, market)
            guard let agent = seating.restless.randomElement(using: &random) else { return }
            _ = seating.move(agent, to: try #require(seating.bestOpen(agent)))
        }
    }
}
