import MatchingEngine
import Testing

@Suite struct QuotaTests {
    static func market(_ seed: Int, ties: Bool) -> MarketInput {
        var input = RandomMarket(applicants: 0...5, firms: 1...3, capacity: 1...3, ties: ties, density: 80)(seed)
        var random = SeededGenerator(seed + 5000)
        for index in input.firms.indices where Bool.random(using: &random) {
            input.firms[index].minimum = Int.random(in: 0...input.firms[index].capacity, using: &random)
        }
        return input
    }

    @Test func stableWithinMinimaOrTheFewestBlockingPairs() throws {
        var missed = 0
        for seed in 0..<300 {
            let input = Self.market(seed, ties: seed % 2 == 0)
            let brute = PlacesBruteForce(input: input)
            let within = brute.feasible().filter(brute.meetsMinima)
            let outcome = try Market(input).solve()
            let exists = within.contains { brute.blocking($0) == 0 }
            #expect(outcome.certificate.verdict == (exists ? .holds : .noneExists), "seed \(seed)")
            if !exists { missed += 1 }
            guard let fewest = within.map(brute.blocking).min() else {
                #expect(!outcome.certificate.breaches.isEmpty, "seed \(seed)")
                continue
            }
            #expect(outcome.certificate.blocking.count == fewest, "seed \(seed)")
            #expect(outcome.certificate.breaches.isEmpty, "seed \(seed)")
        }
        #expect((30..<270).contains(missed))
    }

    @Test func envyFreeMatchingsPlaceTheMostWithinMinima() throws {
        for seed in 0..<300 {
            let input = Self.market(seed, ties: seed % 2 == 0)
            let brute = PlacesBruteForce(input: input)
            let free = brute.feasible().filter { brute.meetsMinima($0) && brute.envy($0) == 0 }
            let outcome = try Market(input).solve(MatchingRules(goal: .envyFree))
            #expect(outcome.certificate.verdict == (free.isEmpty ? .noneExists : .holds), "seed \(seed)")
            if let bound = outcome.certificate.bound {
                #expect(bound.placed == free.map { $0.count { $0.value != nil } }.max(), "seed \(seed)")
            }
        }
    }
}

@Suite struct ClosingTests {
    @Test func asFewFirmsAreClosedAsCanBe() throws {
        var closed = 0
        for seed in 0..<300 {
            let input = QuotaTests.market(seed, ties: false)
            let outcome = try Market(input).solve(MatchingRules(goal: .closing))
            #expect(outcome.certificate.verdict == .holds, "seed \(seed)")
            #expect(outcome.certificate.isClosingLeast, "seed \(seed)")
            let needy = input.firms.filter { $0.minimum > 0 }.map(\.id)
            let sufficient = (0..<1 << needy.count).map { bits in
                Set(needy.indices.filter { bits >> $0 & 1 == 1 }.map { needy[$0] })
            }.filter { isSufficient($0, input) }
            #expect(outcome.certificate.closed.count == sufficient.map(\.count).min(), "seed \(seed)")
            #expect(sufficient.contains(Set(outcome.certificate.closed)), "seed \(seed)")
            closed += outcome.certificate.closed.count
            if let first = outcome.certificate.closed.first {
                #expect(!outcome.matching.values.contains(first))
            }
        }
        #expect(closed > 50)
    }

    /// Whether a matching of the other firms is stable and fills their minima.
    private func isSufficient(_ closed: Set<String>, _ input: MarketInput) -> Bool {
        var rest = input
        for index in rest.firms.indices where closed.contains(rest.firms[index].id) {
            rest.firms[index].capacity = 0
            rest.firms[index].minimum = 0
        }
        let brute = PlacesBruteForce(input: rest)
        return brute.feasible().contains { brute.meetsMinima($0) && brute.blocking($0) == 0 }
    }

    @Test func aFirmThatIsOpenAndLacksSomebodyIsABreach() throws {
        let input = MarketInput(
            applicants: [.init(id: "a", ranking: [["f"], ["g"]]), .init(id: "b", ranking: [["g"]])],
            firms: [
                .init(id: "f", capacity: 2, minimum: 2, ranking: [["a"]]),
                .init(id: "g", capacity: 2, ranking: [["a"], ["b"]]),
            ]
        )
        let checker = MatchingChecker(input)
        let rules = MatchingRules(goal: .closing)
        let open = checker.certificate(for: ["a": "f", "b": "g"], rules: rules)
        #expect(open.breaches == ["f needs at least 2, and has 1."])
        let closed = checker.certificate(for: ["a": "g", "b": "g"], rules: rules)
        #expect(closed.verdict == .holds)
        #expect(closed.closed == ["f"])
        let outcome = try Market(input).solve(rules)
        #expect(outcome.matching == ["a": "g", "b": "g"])
        #expect(outcome.explanation(of: "a")?.steps.map(\.reason) == [.noSeats, .placed])
    }
}

@Suite struct TeamTests {
    @Test func noTeamBlocksIfThatCanBe() throws {
        for seed in 0..<400 {
            var random = SeededGenerator(seed)
            let lists = RandomMarket(ties: seed % 4 == 0, density: 95)
            let teams = (0..<Int.random(in: 1...5, using: &random)).map { "t\($0)" }
            let firms = (0..<Int.random(in: 1...3, using: &random)).map { "f\($0)" }
            let input = MarketInput(
                teams: teams.map {
                    .init(id: $0, ranking: lists.ranking(firms, &random), seats: Int.random(in: 1...2, using: &random))
                },
                firms: firms.map {
                    .init(
                        id: $0,
                        capacity: Int.random(in: 1...3, using: &random),
                        ranking: lists.ranking(teams, &random)
                    )
                }
            )
            let brute = PlacesBruteForce(input: input)
            let fewest = brute.feasible().map(brute.blockingTeams).min()
            let outcome = try Market(input).solve()
            #expect(outcome.certificate.verdict == (fewest == 0 ? .holds : .noneExists), "seed \(seed)")
            #expect(outcome.certificate.blocking.count == fewest, "seed \(seed)")
            #expect(brute.blockingTeams(outcome.matching) == fewest, "seed \(seed)")
        }
    }

    /// Each of the three moves on whenever it can: no matching is at rest.
    @Test func threeTeamsCanBeUnsolvable() throws {
        let input = MarketInput(
            teams: [
                .init(id: "a", ranking: [["h"]], seats: 2), .init(id: "b", ranking: [["k"], ["h"]]),
                .init(id: "c", ranking: [["h"], ["k"]]),
            ],
            firms: [
                .init(id: "h", capacity: 2, ranking: [["b"], ["a"], ["c"]]),
                .init(id: "k", capacity: 1, ranking: [["c"], ["b"]]),
            ]
        )
        let brute = PlacesBruteForce(input: input)
        #expect(brute.feasible().map(brute.blockingTeams).min() == 1)
        let outcome = try Market(input).solve()
        #expect(outcome.certificate.verdict == .noneExists)
        #expect(outcome.certificate.blocking.count == 1)
    }

    /// 30 teams of 158 students and 30 firms, as the 2018 alliance had them; head counts and lists are generated.
    @Test func theAllianceIsSolvedExactly() throws {
        for seed in 0..<3 {
            var random = SeededGenerator(seed)
            let firms = (0..<30).map { "firm\($0)" }
            let teams = (0..<30).map { number in
                MarketInput.Team(
                    id: "team\(number)",
                    ranking: firms.shuffled(using: &random).prefix(8).map { [$0] },
                    seats: number < 8 ? 6 : 5
                )
            }
            let input = MarketInput(
                teams: teams,
                firms: firms.map {
                    .init(
                        id: $0,
                        capacity: Int.random(in: 4...11, using: &random),
                        ranking: teams.map(\.id).shuffled(using: &random).map { [$0] }
                    )
                }
            )
            #expect(teams.reduce(0) { $0 + $1.seats } == 158)
            let outcome = try Market(input).solve()
            #expect(outcome.certificate.verdict != .open, "seed \(seed)")
        }
    }
}
