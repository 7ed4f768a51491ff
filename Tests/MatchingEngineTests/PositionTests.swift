import MatchingEngine
import Testing

@Suite struct PositionTests {
    static func market(_ seed: Int, ties: Bool, minima: Bool = false) -> MarketInput {
        var random = SeededGenerator(seed)
        let lists = RandomMarket(ties: ties, density: 75)
        let people = (0..<Int.random(in: 0...5, using: &random)).map { "s\($0)" }
        let firms = (0..<Int.random(in: 1...2, using: &random)).map { number in
            let positions = (0..<Int.random(in: 1...2, using: &random)).map {
                MarketInput.Position(
                    id: "p\(number)\($0)",
                    capacity: Int.random(in: 0...2, using: &random),
                    minimum: 0
                )
            }
            return MarketInput.Firm(
                id: "f\(number)",
                capacity: Int.random(in: 0...3, using: &random),
                ranking: lists.ranking(people, &random),
                positions: positions
            )
        }
        let places = firms.flatMap { $0.positions.map(\.id) }
        var input = MarketInput(
            applicants: people.map { .init(id: $0, ranking: lists.ranking(places, &random)) },
            firms: firms
        )
        if minima {
            for index in input.firms.indices where input.firms[index].capacity > 0 && Bool.random(using: &random) {
                input.firms[index].minimum = 1
                if input.firms[index].positions[0].capacity > 0, Bool.random(using: &random) {
                    input.firms[index].positions[0].minimum = 1
                }
            }
        }
        return input
    }

    @Test func eachSideGetsItsBestStableMatching() throws {
        for seed in 0..<400 {
            let input = Self.market(seed, ties: false)
            let brute = PlacesBruteForce(input: input)
            let all = brute.feasible().filter { brute.blocking($0) == 0 }
            let best = try Market(input).solve()
            let worst = try Market(input).solve(MatchingRules(proposing: .firms))
            #expect(best.certificate.verdict == .holds, "seed \(seed)")
            #expect(worst.certificate.verdict == .holds, "seed \(seed)")
            for person in brute.people {
                let tiers = all.map { brute.tier(person, $0) }
                #expect(brute.tier(person, best.matching) == tiers.min(), "seed \(seed)")
                #expect(brute.tier(person, worst.matching) == tiers.max(), "seed \(seed)")
            }
        }
    }

    @Test func withTiesTheMostArePlaced() throws {
        for seed in 0..<300 {
            let input = Self.market(seed, ties: true)
            let brute = PlacesBruteForce(input: input)
            let all = brute.feasible().filter { brute.blocking($0) == 0 }
            let stable = try Market(input).solve(MatchingRules(seed: "\(seed)"))
            #expect(all.contains(stable.matching), "seed \(seed)")
            let most = try Market(input).solve(MatchingRules(goal: .mostPlaced))
            #expect(all.contains(most.matching), "seed \(seed)")
            #expect(most.statistics.placed == all.map { $0.count { $0.value != nil } }.max(), "seed \(seed)")
        }
    }

    @Test func minimumQuotasOfFirmsAndPositionsAreDecidedExactly() throws {
        for seed in 0..<300 {
            let input = Self.market(seed, ties: seed % 2 == 0, minima: true)
            let brute = PlacesBruteForce(input: input)
            let within = brute.feasible().filter(brute.meetsMinima)
            let outcome = try Market(input).solve()
            let exists = within.contains { brute.blocking($0) == 0 }
            #expect(outcome.certificate.verdict == (exists ? .holds : .noneExists), "seed \(seed)")
            guard let fewest = within.map(brute.blocking).min() else { continue }
            #expect(outcome.certificate.blocking.count == fewest, "seed \(seed)")
            #expect(outcome.certificate.breaches.isEmpty, "seed \(seed)")
        }
    }

    @Test func theCheckerCountsEveryBlockingPair() throws {
        for seed in 0..<50 {
            let input = Self.market(seed, ties: true)
            let brute = PlacesBruteForce(input: input)
            let checker = MatchingChecker(input)
            for matching in brute.feasible().prefix(80) {
                let checked = checker.certificate(for: matching, rules: MatchingRules())
                #expect(checked.blocking.count == brute.blocking(matching), "seed \(seed)")
            }
        }
    }
}
