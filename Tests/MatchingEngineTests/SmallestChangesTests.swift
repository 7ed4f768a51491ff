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

    @Test func areFoundForFirmsThatProposeToo() throws {
        let market = try Market(RandomMarket()(7))
        let outcome = try market.solve(MatchingRules(proposing: .firms))
        for explanation in outcome.explanations() {
            #expect(explanation == outcome.explanation(of: explanation.applicant))
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
