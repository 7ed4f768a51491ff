/// The market after the lottery: no ties left on either side.
struct StrictPreferences {
    /// The market's edges, row by row, in the strict order of each applicant.
    let order: [Int32]
    /// By edge: where it stands in `order`. Of two edges of one applicant the lower is the better.
    let place: [Int32]
    /// By edge: of two edges of one firm the lower is the better.
    let key: [Int64]

    /// A bit of each key. Without it an applicant goes before those whom the firm ranks the same.
    static let notPromoted: Int64 = 1 << 32

    init(_ market: Market, _ lottery: Lottery) {
        let applicantDraw = lottery.turns(of: market.applicantIDs)
        let positionDraw = lottery.turns(of: market.positionIDs)
        var order = Array(0..<Int32(market.edgePosition.count))
        for applicant in 0..<market.applicantCount {
            let row = market.edges(of: applicant)
            var begin = row.lowerBound
            while begin < row.upperBound {
                var end = begin + 1
                while end < row.upperBound, market.edgeChoice[end] == market.edgeChoice[begin] { end += 1 }
                if end - begin > 1 {
                    order[begin..<end].sort {
                        positionDraw[market.position(of: $0)] < positionDraw[market.position(of: $1)]
                    }
                }
                begin = end
            }
        }
        var place = [Int32](repeating: 0, count: order.count)
        for (index, edge) in order.enumerated() { place[Int(edge)] = Int32(index) }
        self.order = order
        self.place = place
        key = order.indices.map { edge in
            Int64(market.edgeRank[edge]) << 33 | Self.notPromoted
                | Int64(applicantDraw[Int(market.edgeApplicant[edge])])
        }
    }
}
