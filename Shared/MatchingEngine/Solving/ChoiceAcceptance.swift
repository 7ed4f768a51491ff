/// Deferred acceptance where firms, or regions, choose by a function of all who want to come.
struct ChoiceAcceptance {
    private let market: Market
    private let strict: StrictPreferences
    private let choice: ChoiceFunction

    init(_ market: Market, _ strict: StrictPreferences) {
        self.market = market
        self.strict = strict
        choice = ChoiceFunction(market, strict)
    }

    /// For each applicant the edge of its place, -1 without one.
    func applicantsPropose() -> [Int32] {
        var held = [[Int32]](repeating: [], count: choice.groups.count)
        var next = market.edgeStart
        var free = Array((0..<market.applicantCount).reversed())
        while let applicant = free.popLast() {
            guard next[applicant] < market.edgeStart[applicant + 1] else { continue }
            let edge = strict.order[Int(next[applicant])]
            next[applicant] += 1
            let group = group(of: edge)
            let wanting = held[group] + [edge]
            held[group] = choice.choose(wanting, group: group)
            let kept = Set(held[group])
            for loser in wanting where !kept.contains(loser) { free.append(Int(market.edgeApplicant[Int(loser)])) }
        }
        return places(held)
    }

    /// Firms offer to those they would choose of all who have not refused; applicants refuse what is worse than their
    /// best offer, until nobody refuses any more.
    func firmsPropose() -> [Int32] {
        var open = [[Int32]](repeating: [], count: choice.groups.count)
        for edge in market.edgePosition.indices { open[group(of: Int32(edge))].append(Int32(edge)) }
        while true {
            let offers = open.enumerated().map { choice.choose($1, group: $0) }
            var best = [Int32](repeating: .max, count: market.applicantCount)
            for edge in offers.joined() {
                let applicant = Int(market.edgeApplicant[Int(edge)])
                best[applicant] = min(best[applicant], strict.place[Int(edge)])
            }
            let before = open.reduce(0) { $0 + $1.count }
            open = open.map { $0.filter { strict.place[Int($0)] <= best[Int(market.edgeApplicant[Int($0)])] } }
            if open.reduce(0, { $0 + $1.count }) == before { return places(offers) }
        }
    }

    private func group(of edge: Int32) -> Int {
        choice.groupOfFirm[Int(market.firmOfPosition[market.position(of: edge)])]
    }

    private func places(_ held: [[Int32]]) -> [Int32] {
        var result = [Int32](repeating: -1, count: market.applicantCount)
        for edge in held.joined() { result[Int(market.edgeApplicant[Int(edge)])] = edge }
        return result
    }
}
