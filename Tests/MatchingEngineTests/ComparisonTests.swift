import MatchingEngine
import Testing

@Suite struct ComparisonTests {
    @Test func serialDictatorshipFollowsTheLottery() throws {
        for seed in 0..<100 {
            let input = RandomMarket(ties: seed % 2 == 0)(seed)
            let brute = BruteForce(input: input)
            let matching = try Market(input).matching(by: .serialDictatorship, seed: "\(seed)")
            let lottery = Lottery(seed: "\(seed)", round: "")
            var left = Dictionary(uniqueKeysWithValues: input.firms.map { ($0.id, $0.capacity) })
            for applicant in input.applicants.sorted(by: { lottery.number(of: $0.id) < lottery.number(of: $1.id) }) {
                let open = input.firms.filter { brute.isAcceptable(applicant, $0) && left[$0.id, default: 0] > 0 }
                let best = open.map { brute.tier($0.id, applicant.ranking) }.min()
                let place = matching[applicant.id] ?? nil
                #expect(place.map { brute.tier($0, applicant.ranking) } == best, "seed \(seed)")
                if let place { left[place, default: 0] -= 1 }
            }
        }
    }

    /// Nobody can be made better off without somebody getting worse off.
    @Test func topTradingCyclesLeavesNothingToTrade() throws {
        for seed in 0..<100 {
            let input = RandomMarket(applicants: 0...5)(seed)
            let brute = BruteForce(input: input)
            let matching = try Market(input).matching(by: .topTradingCycles)
            func tiers(_ matching: Matching) -> [Int] {
                input.applicants.map { applicant in
                    (matching[applicant.id] ?? nil).map { brute.tier($0, applicant.ranking) } ?? .max
                }
            }
            let own = tiers(matching)
            for other in brute.feasible().map(tiers) where other != own {
                #expect(zip(other, own).contains { $0 > $1 }, "seed \(seed)")
            }
        }
    }

    /// No matching has a better profile: more first choices, or as many and more second ones, and so on.
    @Test func rankMaximalHasTheBestProfile() throws {
        for seed in 0..<300 {
            let input = RandomMarket(applicants: 0...6, ties: seed % 2 == 0, density: 80)(seed)
            let brute = BruteForce(input: input)
            func profile(_ matching: Matching) -> [Int] {
                var counts = [Int](repeating: 0, count: input.firms.count)
                for applicant in input.applicants {
                    guard let place = matching[applicant.id] ?? nil else { continue }
                    counts[applicant.ranking[..<brute.tier(place, applicant.ranking)].joined().count] += 1
                }
                return counts
            }
            let matching = try Market(input).matching(by: .rankMaximal, seed: "\(seed)")
            let all = brute.feasible()
            #expect(all.contains(matching), "seed \(seed)")
            let best = all.map(profile).max { $0.lexicographicallyPrecedes($1) }
            #expect(profile(matching) == best, "seed \(seed)")
        }
    }

    @Test func aSeatMoreOrLessIsTriedOut() throws {
        for seed in 0..<40 {
            let input = RandomMarket(ties: true)(seed)
            let rows = try Market(input).solve().capacitySensitivity()
            #expect(rows.map(\.position) == input.firms.map(\.id).sorted())
            for row in rows {
                for (step, placed) in [(1, row.placedWithOneMore), (-1, row.placedWithOneLess)] {
                    var changed = input
                    for index in input.firms.indices where input.firms[index].id == row.position {
                        changed.firms[index].capacity += step
                    }
                    let expected = (try? Market(changed))?.placedWhenSolved
                    #expect(placed == expected, "seed \(seed)")
                }
            }
        }
    }
}

extension Market {
    fileprivate var placedWhenSolved: Int? { try? solve().statistics.placed }
}
