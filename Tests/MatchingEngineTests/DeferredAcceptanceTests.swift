import MarketFile
import MatchingEngine
import Testing

@Suite struct DeferredAcceptanceTests {
    @Test func eachSideGetsItsBestStableMatching() throws {
        for seed in 0..<400 {
            let input = RandomMarket()(seed)
            let brute = BruteForce(input: input)
            let all = brute.stable()
            let market = try Market(input)
            let best = try market.solve()
            let worst = try market.solve(MatchingRules(proposing: .firms))
            for applicant in input.applicants {
                let tiers = all.map { matching in
                    (matching[applicant.id] ?? nil).map { brute.tier($0, applicant.ranking) } ?? Int.max
                }
                func tier(_ outcome: Outcome) -> Int {
                    outcome.place(of: applicant.id).map { brute.tier($0, applicant.ranking) } ?? Int.max
                }
                #expect(tier(best) == tiers.min(), "seed \(seed), \(applicant.id)")
                #expect(tier(worst) == tiers.max(), "seed \(seed), \(applicant.id)")
            }
            #expect(all.contains(best.matching), "seed \(seed)")
            #expect(all.contains(worst.matching), "seed \(seed)")
            #expect(best.certificate.verdict == .holds)
        }
    }

    @Test func tiesBrokenByLotteryStayStable() throws {
        for seed in 0..<400 {
            let input = RandomMarket(ties: true)(seed)
            let rules = MatchingRules(proposing: seed % 2 == 0 ? .applicants : .firms, seed: "\(seed)")
            let outcome = try Market(input).solve(rules)
            #expect(BruteForce(input: input).blocking(outcome.matching).isEmpty, "seed \(seed)")
            #expect(outcome.certificate.verdict == .holds, "seed \(seed)")
        }
    }

    @Test func theLotteryDecidesBetweenEquals() throws {
        let input = MarketInput(
            applicants: ["a", "b", "c"].map { .init(id: $0, ranking: [["f"]]) },
            firms: [.init(id: "f", capacity: 1, ranking: [["a", "b", "c"]])]
        )
        var winners = Set<String>()
        for seed in 0..<40 {
            let rules = MatchingRules(seed: "\(seed)", round: "2018")
            let outcome = try Market(input).solve(rules)
            let lottery = Lottery(seed: "\(seed)", round: "2018")
            let winner = ["a", "b", "c"].min { lottery.number(of: $0) < lottery.number(of: $1) }
            #expect(outcome.matching.filter { $0.value != nil }.map(\.key) == [winner])
            winners.formUnion([winner].compactMap { $0 })
        }
        #expect(winners == ["a", "b", "c"])
    }

    @Test func lotteryNumbersCanBeRepeatedWithShellTools() {
        // printf 'seed\nround\nid' | sha256sum
        #expect(Lottery(seed: "seed", round: "round").number(of: "id").description == "538786793b5cc94e")
        // printf seed | sha256sum
        #expect(
            Lottery(seed: "seed", round: "").seedHash
                == "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b"
        )
    }

    @Test func theOrderOfTheInputMakesNoDifference() throws {
        var random = SeededGenerator(7)
        for seed in 0..<200 {
            let input = RandomMarket(ties: true)(seed)
            let rules = MatchingRules(proposing: seed % 2 == 0 ? .applicants : .firms, seed: "x")
            let first = try Market(input).solve(rules)
            let second = try Market(input.shuffled(&random)).solve(rules)
            #expect(first.matching == second.matching, "seed \(seed)")
            #expect(first.certificate == second.certificate, "seed \(seed)")
            #expect(first.statistics == second.statistics, "seed \(seed)")
            #expect(first.explanations() == second.explanations(), "seed \(seed)")
        }
    }

    @Test func anIsolatedPartChangesNothingElse() throws {
        for seed in 0..<100 {
            let input = RandomMarket(ties: true)(seed)
            var larger = RandomMarket(ties: true)(seed + 1000)
            larger.applicants = larger.applicants.map {
                .init(id: "0" + $0.id, ranking: $0.ranking.map { $0.map { "0" + $0 } })
            }
            larger.firms = larger.firms.map {
                .init(id: "0" + $0.id, capacity: $0.capacity, ranking: $0.ranking.map { $0.map { "0" + $0 } })
            }
            larger.applicants += input.applicants
            larger.firms += input.firms
            let alone = try Market(input).solve().matching
            let together = try Market(larger).solve().matching
            #expect(together.filter { alone.keys.contains($0.key) } == alone, "seed \(seed)")
        }
    }

    @Test func runIDsTellRulesAndInputsApart() throws {
        let input = RandomMarket(applicants: 4...4)(3)
        var other = input
        other.firms[0].capacity += 1
        let rules = [
            MatchingRules(), MatchingRules(proposing: .firms), MatchingRules(seed: "a"),
            MatchingRules(round: "a"),
        ]
        let ids = try rules.map { try Market(input).solve($0).runID } + [Market(other).solve().runID]
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.count == 64 })
    }
}
