import MatchingEngine
import Testing

@Suite("Smallest changes of all applicants at once")
struct SmallestChangesTests {
    /// `explanation(of:)` solves again for each rank that it tries; `explanations()` must find the same.
    @Test(arguments: 0..<100)
    func agreeWithSolvingAgain(_ seed: Int) throws {
        for ties in [false, true] {
            let small = RandomMarket(applicants: 0...9, firms: 1...5, capacity: 0...3, ties: ties, density: 60)
            let market = try Market(small(seed))
            let outcome = try market.solve(MatchingRules(seed: "seed \(seed)"))
            for explanation in outcome.explanations() {
                #expect(explanation == outcome.explanation(of: explanation.applicant))
            }
        }
    }

    /// Longer chains than small markets have, firms with seats to spare and without, teams that take one seat.
    @Test(arguments: 0..<12)
    func agreeWhereManyMoveOn(_ seed: Int) throws {
        var input = RandomMarket(
            applicants: 24...30,
            firms: 5...8,
            capacity: 0...(seed % 3 == 0 ? 8 : 3),
            ties: seed % 2 == 0,
            density: 50
        )(seed)
        if seed % 4 == 1 {
            input.teams = input.applicants.prefix(9).map { .init(id: $0.id, ranking: $0.ranking) }
            input.applicants.removeFirst(9)
        }
        let outcome = try Market(input).solve(MatchingRules(seed: "seed \(seed)"))
        for explanation in outcome.explanations() {
            #expect(explanation == outcome.explanation(of: explanation.applicant))
        }
    }

    @Test func areFoundForFirmsThatProposeToo() throws {
        let market = try Market(RandomMarket()(7))
        let outcome = try market.solve(MatchingRules(proposing: .firms))
        for explanation in outcome.explanations() {
            #expect(explanation == outcome.explanation(of: explanation.applicant))
        }
    }

    /// Of tied ones the earlier result, too, decides who is admitted.
    @Test func areFoundForThoseWhoKeepWhatTheyHad() throws {
        for seed in 0..<40 {
            let input = RandomMarket(applicants: 4...6, firms: 2...4, ties: true)(seed)
            let previous = try Market(input).solve(MatchingRules(seed: "before")).matching.compactMapValues { $0 }
            let outcome = try Market(input).solve(MatchingRules(seed: "now", previous: previous))
            for explanation in outcome.explanations() {
                #expect(explanation == outcome.explanation(of: explanation.applicant), "seed \(seed)")
            }
        }
    }

    @Test func aListThatLeadsNowhereIsToldWhereToLead() throws {
        let market = try Market(
            MarketInput(
                applicants: [.init(id: "a", ranking: []), .init(id: "b", ranking: [["f"], ["g"]])],
                firms: [
                    .init(id: "f", capacity: 1, ranking: [["b"], ["a"]]), .init(id: "g", capacity: 1, ranking: [["a"]]),
                ]
            )
        )
        let changes = try market.solve().explanations().map(\.smallestChange)
        #expect(changes == [.listing(position: "g"), nil])
    }
}
