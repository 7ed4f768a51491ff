import MatchingEngine
import Testing

/// What an earlier round gave, and who has withdrawn since.
@Suite struct RoundsTests {
    private func kept(_ matching: Matching, _ previous: [String: String]) -> Int {
        previous.count { matching[$0.key] == .some($0.value) }
    }

    @Test func noStableMatchingKeepsMore() throws {
        var better = 0
        for seed in 0..<300 {
            let input = RandomMarket(applicants: 2...6, firms: 2...4, ties: seed % 2 == 0)(seed)
            var random = SeededGenerator(seed + 900)
            let brute = BruteForce(input: input)
            let all = brute.feasible()
            let previous = (all.randomElement(using: &random) ?? [:]).compactMapValues { $0 }
            let outcome = try Market(input).solve(MatchingRules(previous: previous))
            #expect(outcome.certificate.verdict == .holds, "seed \(seed)")
            let most = brute.stable().map { kept($0, previous) }.max()
            #expect(kept(outcome.matching, previous) == most, "seed \(seed)")
            guard !previous.isEmpty else { continue }
            #expect(outcome.certificate.kept == .some(.init(count: most ?? 0, atMost: most ?? 0)), "seed \(seed)")
            if try kept(Market(input).solve().matching, previous) < most ?? 0 { better += 1 }
        }
        #expect(better > 10)
    }

    @Test func couplesKeepTheirPlacesToo() throws {
        for seed in 0..<60 {
            let input = RandomCouplesMarket()(seed)
            let brute = CouplesBruteForce(input: input)
            let stable = brute.feasible().filter { brute.blocking($0) == 0 }
            for previous in stable.map({ $0.compactMapValues { $0 } }) {
                let outcome = try Market(input).solve(MatchingRules(previous: previous))
                #expect(outcome.matching.compactMapValues { $0 } == previous, "seed \(seed)")
            }
        }
    }

    /// Somebody withdraws; with the earlier result only those move who have to.
    @Test func aWithdrawalMovesNoMoreThanItMust() throws {
        var earlier = RandomMarket(applicants: 6...6, firms: 3...3, capacity: 2...2, ties: true, density: 90)(4)
        let previous = try Market(earlier).solve().matching.compactMapValues { $0 }
        earlier.applicants.removeFirst()
        for index in earlier.firms.indices {
            earlier.firms[index].ranking = earlier.firms[index].ranking.map { $0.filter { $0 != "s0" } }
        }
        let outcome = try Market(earlier).solve(MatchingRules(previous: previous))
        let most = BruteForce(input: earlier).stable().map { kept($0, previous) }.max()
        #expect(outcome.certificate.verdict == .holds)
        #expect(kept(outcome.matching, previous) == most)
    }

    @Test func whereItIsNotKnownHowTheReasonIsTold() throws {
        let market = try Market(CategoryTests.market(3))
        let error = #expect(throws: UnsupportedMarket.self) { try market.solve(MatchingRules(previous: ["s0": "f0"])) }
        #expect(error?.reason == "An earlier result is not kept in a market with caps and reserves.")
        let goal = #expect(throws: UnsupportedMarket.self) {
            try Market(RandomMarket()(1)).solve(MatchingRules(goal: .strong, previous: ["s0": "f0"]))
        }
        #expect(goal?.reason == "An earlier result is kept for the goal stable only.")
    }

    @Test func anEarlierResultMakesAnotherRun() throws {
        let market = try Market(RandomMarket()(1))
        #expect(try market.solve().runID != market.solve(MatchingRules(previous: ["s0": "f0"])).runID)
    }
}
