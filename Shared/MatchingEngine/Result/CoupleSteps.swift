/// A couple's list of pairs walked down to the pair that it has. Both members get the same explanation.
struct CoupleSteps {
    private let outcome: Outcome
    private let couple: MarketInput.Couple

    init(_ outcome: Outcome, _ couple: MarketInput.Couple) {
        self.outcome = outcome
        self.couple = couple
    }

    var steps: [Explanation.Step] {
        let place = MarketInput.Pair(outcome.place(of: couple.first), outcome.place(of: couple.second))
        var steps: [Explanation.Step] = []
        var choice = 1
        for group in couple.ranking {
            let isLast = group.contains(place)
            if group.contains(MarketInput.Pair(nil, nil)), !isLast { break }
            for pair in group.sorted(by: { name($0).canonicallyPrecedes(name($1)) }) {
                let reason: Explanation.Reason =
                    pair == place
                    ? .placed : isLast ? .equallyGood : !isRanked(pair) ? .notRankedByFirm : refusal(name(pair))
                steps.append(Explanation.Step(choice: choice, position: name(pair), reason: reason))
            }
            if isLast { break }
            choice += group.count
        }
        return steps
    }

    private func refusal(_ name: String) -> Explanation.Reason {
        let pair = BlockingPair(applicant: couple.id, position: name)
        return outcome.certificate.blocking.contains(pair) ? .blocking : .noRoomTogether
    }

    private func name(_ pair: MarketInput.Pair) -> String { "\(pair.first ?? "-"),\(pair.second ?? "-")" }

    private func isRanked(_ pair: MarketInput.Pair) -> Bool {
        [(couple.first, pair.first), (couple.second, pair.second)].allSatisfy { member, place in
            guard let place, let index = outcome.market.applicantIndex[member] else { return true }
            return outcome.market.edge(of: Int(index), at: place) != nil
        }
    }
}
