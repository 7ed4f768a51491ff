/// Other ways to hand out places, to show what would be lost by them. None of them is stable.
public enum Mechanism: String, Hashable, Sendable, CaseIterable {
    /// One after the other in the order of the lottery, each takes the best place left.
    case serialDictatorship = "serial-dictatorship"
    /// All apply to their first choice, then those left over to their second, and so on; seats once given stay given.
    case boston
    /// Applicants trade the seats on which firms give them precedence.
    case topTradingCycles = "top-trading-cycles"
    /// As many first choices as can be, then as many second choices, and so on.
    case rankMaximal = "rank-maximal"
}

extension Market {
    /// Where each would go by `mechanism`. Only for markets of applicants and firms with a capacity.
    public func matching(
        by mechanism: Mechanism,
        seed: String = "",
        round: String = ""
    ) throws(UnsupportedMarket) -> [String: String?] {
        guard features.isPlain else {
            throw UnsupportedMarket("\(mechanism.rawValue) is for markets of applicants and firms only.")
        }
        let lottery = Lottery(seed: seed, round: round)
        let strict = StrictPreferences(self, lottery)
        switch mechanism {
        case .serialDictatorship: return matching(serialDictatorship(strict, lottery))
        case .boston: return matching(boston(strict))
        case .topTradingCycles:
            var trade = TopTradingCycles(self, strict)
            return matching(trade.run())
        case .rankMaximal:
            var search = RankMaximal(self)
            let turns = lottery.turns(of: applicantIDs)
            return matching(search.run(order: (0..<applicantCount).sorted { turns[$0] < turns[$1] }))
        }
    }

    private func serialDictatorship(_ strict: StrictPreferences, _ lottery: Lottery) -> [Int32] {
        var room = positionCapacity
        var result = [Int32](repeating: -1, count: applicantCount)
        let turns = lottery.turns(of: applicantIDs)
        for applicant in (0..<applicantCount).sorted(by: { turns[$0] < turns[$1] }) {
            for place in edges(of: applicant) {
                let edge = strict.order[place]
                if room[position(of: edge)] > 0 {
                    room[position(of: edge)] -= 1
                    result[applicant] = edge
                    break
                }
            }
        }
        return result
    }

    private func boston(_ strict: StrictPreferences) -> [Int32] {
        var room = positionCapacity
        var result = [Int32](repeating: -1, count: applicantCount)
        let longest = (0..<applicantCount).map { edges(of: $0).count }.max() ?? 0
        for round in 0..<longest {
            var asking: [Int32] = []
            for applicant in 0..<applicantCount where result[applicant] < 0 && round < edges(of: applicant).count {
                asking.append(strict.order[edges(of: applicant).lowerBound + round])
            }
            for edge in asking.sorted(by: { strict.key[Int($0)] < strict.key[Int($1)] })
            where room[position(of: edge)] > 0 {
                room[position(of: edge)] -= 1
                result[Int(edgeApplicant[Int(edge)])] = edge
            }
        }
        return result
    }
}
