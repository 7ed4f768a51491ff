import Foundation
import MatchingEngine
import Testing

@Suite struct CouplesTests {
    /// Set MATCHING_RUNS for a longer run.
    private var runs: Int { ProcessInfo.processInfo.environment["MATCHING_RUNS"].flatMap(Int.init) ?? 200 }

    @Test(arguments: [false, true], [0, 2])
    func existsOrNotIsExactAndElseTheFewestPairsBlock(_ ties: Bool, _ teams: Int) throws {
        var unsolvable = 0
        for seed in 0..<runs {
            let input = RandomCouplesMarket(ties: ties, teams: teams)(seed)
            let brute = CouplesBruteForce(input: input)
            let fewest = brute.feasible().map(brute.blocking).min()
            let outcome = try Market(input).solve(MatchingRules(seed: "\(seed)"))
            #expect(outcome.certificate.verdict == (fewest == 0 ? .holds : .noneExists), "seed \(seed)")
            #expect(outcome.certificate.blocking.count == fewest, "seed \(seed)")
            #expect(outcome.certificate.breaches.isEmpty, "seed \(seed)")
            #expect(brute.blocking(outcome.matching) == fewest, "seed \(seed)")
            #expect(outcome.certificate.leastBlocking == (fewest == 0 ? nil : fewest), "seed \(seed)")
            if fewest != 0 { unsolvable += 1 }
        }
        #expect(unsolvable > 0)
    }

    /// Forty couples and forty singles for as many seats: circles are the rule here, and yet a stable matching is found.
    @Test func circlesAreLeftBehind() throws {
        for seed in 0..<2 {
            var random = SeededGenerator(seed)
            let firms = (0..<12).map { "f\($0)" }
            let couples = (0..<40).map { number in
                let pairs = firms.flatMap { first in firms.map { MarketInput.Pair(first, $0) } }
                return MarketInput.Couple(
                    id: "c\(number)",
                    first: "x\(number)",
                    second: "y\(number)",
                    ranking: pairs.shuffled(using: &random).prefix(8).map { [$0] }
                )
            }
            let singles = (0..<40).map { "s\($0)" }
            let everybody = singles + couples.flatMap { [$0.first, $0.second] }
            let input = MarketInput(
                applicants: singles.map { .init(id: $0, ranking: firms.shuffled(using: &random).map { [$0] }) },
                couples: couples,
                firms: firms.map {
                    .init(id: $0, capacity: 10, ranking: everybody.shuffled(using: &random).map { [$0] })
                }
            )
            let outcome = try Market(input).solve()
            #expect(outcome.certificate.verdict == .holds, "seed \(seed)")
        }
    }

    /// Once nobody waits for a seat any more a pair may still block.
    @Test func whoDoesNotWaitCanStillBlock() throws {
        let outcome = try Market(RandomCouplesMarket(ties: true, teams: 2)(926)).solve(MatchingRules(seed: "926"))
        #expect(outcome.certificate.verdict == .holds)
    }

    @Test func bothMembersAreToldWhyInPairs() throws {
        let input = MarketInput(
            applicants: [.init(id: "s", ranking: [["f"]])],
            couples: [
                .init(
                    id: "c",
                    first: "x",
                    second: "y",
                    ranking: [[.init("f", "f")], [.init("g", "h")], [.init("f", "g")], [.init(nil, "g")]]
                )
            ],
            firms: [
                .init(id: "f", capacity: 2, ranking: [["s"], ["x"], ["y"]]),
                .init(id: "g", capacity: 1, ranking: [["y"]]), .init(id: "h", capacity: 1, ranking: [["y"]]),
            ]
        )
        let outcome = try Market(input).solve()
        for id in ["x", "y"] {
            let steps = try #require(outcome.explanation(of: id)?.steps)
            #expect(steps.map(\.position) == ["f,f", "g,h", "f,g"])
            #expect(steps.map(\.reason) == [.noRoomTogether, .notRankedByFirm, .placed])
        }
    }

    @Test func theCheckerCountsEveryBlockingPair() throws {
        for seed in 0..<80 {
            let input = RandomCouplesMarket(ties: true, teams: seed % 2)(seed)
            let brute = CouplesBruteForce(input: input)
            let checker = MatchingChecker(input)
            for matching in brute.feasible().prefix(60) {
                let checked = checker.certificate(for: matching, rules: MatchingRules())
                #expect(checked.blocking.count == brute.blocking(matching), "seed \(seed)")
            }
        }
    }

    @Test func aPairThatWasNotListedIsABreach() throws {
        let input = MarketInput(
            couples: [.init(id: "c", first: "a", second: "b", ranking: [[.init("f", "g")]])],
            firms: ["f", "g"].map { .init(id: $0, capacity: 1, ranking: [["a"], ["b"]]) }
        )
        let checked = MatchingChecker(input).certificate(for: ["a": "f", "b": nil], rules: MatchingRules())
        #expect(checked.breaches == ["c did not list its pair of places."])
        #expect(try Market(input).solve().matching == ["a": "f", "b": "g"])
    }

    @Test func theOrderOfTheInputMakesNoDifference() throws {
        var random = SeededGenerator(5)
        for seed in 0..<60 {
            let input = RandomCouplesMarket(ties: true)(seed)
            let first = try Market(input).solve()
            let second = try Market(input.shuffled(&random)).solve()
            #expect(first.matching == second.matching, "seed \(seed)")
            #expect(first.certificate == second.certificate, "seed \(seed)")
        }
    }
}
