import MatchingEngine
import Testing

@Suite struct TieTests {
    @Test(arguments: [MatchingRules.Goal.strong, .super])
    func strictNotionsExistExactlyWhenBruteForceFindsThem(_ goal: MatchingRules.Goal) throws {
        var exists = 0
        for seed in 0..<400 {
            let input = RandomMarket(applicants: 0...5, firms: 1...3, ties: true)(seed)
            let all = BruteForce(input: input).stable(goal)
            let outcome = try Market(input).solve(MatchingRules(goal: goal))
            #expect(outcome.certificate.verdict == (all.isEmpty ? .noneExists : .holds), "seed \(seed)")
            if !all.isEmpty {
                #expect(all.contains(outcome.matching), "seed \(seed)")
                exists += 1
            }
        }
        #expect((50..<350).contains(exists))
    }

    @Test func superStabilityIsBestForApplicants() throws {
        for seed in 0..<200 {
            let input = RandomMarket(applicants: 0...5, firms: 1...3, ties: true)(seed)
            let brute = BruteForce(input: input)
            let all = brute.stable(.super)
            guard !all.isEmpty else { continue }
            let outcome = try Market(input).solve(MatchingRules(goal: .super))
            for applicant in input.applicants {
                func tier(_ matching: Matching) -> Int {
                    (matching[applicant.id] ?? nil).map { brute.tier($0, applicant.ranking) } ?? .max
                }
                #expect(tier(outcome.matching) == all.map(tier).min(), "seed \(seed)")
            }
        }
    }

    @Test func mostPlacedIsTheMost() throws {
        var improved = 0
        for seed in 0..<400 {
            let input = RandomMarket(ties: true, density: 55)(seed)
            let most = BruteForce(input: input).stable().map { $0.count { $0.value != nil } }.max()
            let market = try Market(input)
            let outcome = try market.solve(MatchingRules(goal: .mostPlaced))
            #expect(outcome.statistics.placed == most, "seed \(seed)")
            #expect(outcome.certificate.verdict == .holds)
            #expect(outcome.certificate.bound?.proved == true, "seed \(seed)")
            #expect(outcome.certificate.bound?.atMost == most, "seed \(seed)")
            if try market.solve().statistics.placed < outcome.statistics.placed { improved += 1 }
        }
        #expect(improved > 2)
    }

    @Test func theCheckerAgreesWithTheDefinitions() throws {
        for seed in 0..<60 {
            let input = RandomMarket(applicants: 0...4, firms: 1...3, ties: true)(seed)
            let brute = BruteForce(input: input)
            let checker = MatchingChecker(input)
            for matching in brute.feasible() {
                for goal in [MatchingRules.Goal.stable, .strong, .super] {
                    let checked = checker.certificate(for: matching, rules: MatchingRules(goal: goal))
                    #expect(Set(checked.blocking) == Set(brute.blocking(matching, goal)), "seed \(seed)")
                    #expect(checked.breaches.isEmpty)
                }
            }
        }
    }
}
