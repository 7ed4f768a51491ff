import MatchingEngine
import Testing

/// The examples of docs/matching.md.
@Suite struct DocumentedExampleTests {
    @Test func theThreeExamplesHold() throws {
        let market = try Market(
            MarketInput(
                applicants: [.init(id: "an", ranking: [["x"], ["y"]]), .init(id: "bo", ranking: [["x", "y"]])],
                firms: [
                    .init(id: "x", capacity: 1, ranking: [["bo"], ["an"]]),
                    .init(id: "y", capacity: 1, ranking: [["an", "bo"]]),
                ]
            )
        )
        let outcome = try market.solve(MatchingRules(seed: "2018"))
        #expect(["x", "y"].contains(outcome.place(of: "an")))
        #expect(outcome.certificate.verdict == .holds)
        #expect(outcome.certificate.blocking.isEmpty)

        let explanation = outcome.explanation(of: "an")
        #expect(explanation?.steps.last?.reason == .placed)

        let checker = MatchingChecker(market.input)
        let checked = checker.certificate(for: ["an": nil, "bo": "x"], rules: MatchingRules())
        #expect(checked.blocking == [BlockingPair(applicant: "an", position: "y")])
    }
}
