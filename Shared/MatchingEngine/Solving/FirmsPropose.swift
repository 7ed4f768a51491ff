/// Deferred acceptance in which firms propose: the stable matching that is best for each firm.
struct FirmsPropose {
    private let market: Market
    private let strict: StrictPreferences

    init(_ market: Market, _ strict: StrictPreferences) {
        self.market = market
        self.strict = strict
    }

    /// For each applicant the edge of its place, -1 without one.
    func solve() -> [Int32] {
        let (start, offers) = lists()
        var next = start
        var vacant = market.positionCapacity
        var held = [Int32](repeating: -1, count: market.applicantCount)
        var waiting = Array(0..<market.positionCount)
        while let position = waiting.popLast() {
            while vacant[position] > 0, next[position] < start[position + 1] {
                let edge = offers[Int(next[position])]
                next[position] += 1
                let applicant = Int(market.edgeApplicant[Int(edge)])
                let current = held[applicant]
                if current >= 0 {
                    guard strict.place[Int(edge)] < strict.place[Int(current)] else { continue }
                    let left = market.position(of: current)
                    vacant[left] += 1
                    waiting.append(left)
                }
                held[applicant] = edge
                vacant[position] -= 1
            }
        }
        return held
    }

    /// The edges of each position, best applicant first.
    private func lists() -> (start: [Int32], offers: [Int32]) {
        var start = [Int32](repeating: 0, count: market.positionCount + 1)
        for position in market.edgePosition { start[Int(position) + 1] += 1 }
        for position in 0..<market.positionCount { start[position + 1] += start[position] }
        var fill = start
        var offers = [Int32](repeating: 0, count: market.edgePosition.count)
        for edge in market.edgePosition.indices {
            let position = Int(market.edgePosition[edge])
            offers[Int(fill[position])] = Int32(edge)
            fill[position] += 1
        }
        for position in 0..<market.positionCount {
            offers[Int(start[position])..<Int(start[position + 1])].sort {
                strict.key[Int($0)] < strict.key[Int($1)]
            }
        }
        return (start, offers)
    }
}
