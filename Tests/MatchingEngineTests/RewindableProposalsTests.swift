import Testing

@testable import MatchingEngine

@Suite struct RewindableProposalsTests {
    /// Whether somebody would get something is found by trying; later answers are those of a market without trials.
    @Test func trialsLeaveNoTrace() throws {
        for seed in 0..<60 {
            let market = try Market(RandomMarket(applicants: 6...12, firms: 2...5, ties: true)(seed))
            let strict = StrictPreferences(market, Lottery(seed: "\(seed)", round: ""))
            var plain = RewindableProposals(market, strict)
            var tried = plain
            for applicant in 1..<market.applicantCount {
                for place in market.edges(of: 0) { _ = tried.wouldGet(place, 0) }
                tried.trying { state in
                    for other in applicant..<market.applicantCount { state.admit(other) }
                    for position in openPositions(market) { _ = state.bestRefused(withoutSeatAt: position) }
                }
                plain.admit(applicant)
                tried.admit(applicant)
                for position in openPositions(market) {
                    let expected = plain.bestRefused(withoutSeatAt: position)
                    #expect(tried.bestRefused(withoutSeatAt: position) == expected, "seed \(seed)")
                }
                for place in market.edges(of: 0) { #expect(tried.wouldGet(place, 0) == plain.wouldGet(place, 0)) }
            }
        }
    }

    /// Whom a position without its last seat refuses, and who gets it, are those of a market written so.
    @Test func agreesWithSolvingTheMarketThatIsTried() throws {
        for seed in 0..<100 {
            let market = try Market(RandomMarket(applicants: 4...9, firms: 2...4)(seed))
            let strict = StrictPreferences(market, Lottery(seed: "", round: ""))
            var proposals = RewindableProposals(market, strict)
            for applicant in 0..<market.applicantCount { proposals.admit(applicant) }
            for position in openPositions(market) {
                var input = market.input
                let index = try #require(input.firms.firstIndex { $0.id == market.positionIDs[position] })
                input.firms[index].capacity -= 1
                let changed = try Market(input).solve()
                // Who would rather be there, the best first.
                let refused = input.firms[index].ranking.joined().first { id in
                    let list = input.applicants.first { $0.id == id }?.ranking.flatMap(\.self) ?? []
                    let better = list.prefix { $0 != changed.place(of: id) }
                    return better.contains(input.firms[index].id)
                }
                let edge = proposals.bestRefused(withoutSeatAt: position)
                #expect(edge.map { market.applicantIDs[Int(market.edgeApplicant[Int($0)])] } == refused)
            }
        }
    }

    private func openPositions(_ market: Market) -> [Int] {
        (0..<market.positionCount).filter { market.positionCapacity[$0] > 0 }
    }
}
