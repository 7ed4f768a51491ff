/// Which limit besides a position's own capacity kept an applicant out.
struct LimitReasons {
    private let market: Market
    /// By firm: who is placed there, with the firm's rank.
    private var staff: [Int: [(applicant: Int, rank: Int)]] = [:]
    private let members: CategoryMembers

    init(_ outcome: Outcome) {
        market = outcome.market
        members = CategoryMembers(outcome.market)
        for (applicant, edge) in outcome.edges.enumerated() where edge >= 0 {
            let firm = Int(market.firmOfPosition[market.position(of: edge)])
            staff[firm, default: []].append((applicant, Int(market.edgeRank[Int(edge)])))
        }
    }

    /// `nil` if it was the position's capacity.
    func reason(_ applicant: String, _ position: String, _ rank: Int) -> Explanation.Reason? {
        guard let index = market.positionIndex[position], let person = market.applicantIndex[applicant] else {
            return nil
        }
        let firm = Int(market.firmOfPosition[Int(index)])
        let here = staff[firm] ?? []
        let input = market.input.firms.first { $0.id == market.firmIDs[firm] }
        for cap in input?.caps ?? [] where members[cap.category].contains(Int(person)) {
            let own = here.filter { members[cap.category].contains($0.applicant) }
            if own.count >= cap.maximum, own.allSatisfy({ $0.rank <= rank }) { return .categoryFull(cap.category) }
        }
        let seats = here.reduce(0) { $0 + Int(market.seats[$1.applicant]) }
        if let region = market.input.regions.first(where: { $0.firms.contains(market.firmIDs[firm]) }),
            seats < Int(market.firmCapacity[firm]), here.allSatisfy({ $0.rank <= rank })
        {
            return .regionFull(region.id)
        }
        if input?.positions.isEmpty == false, seats >= Int(market.firmCapacity[firm]),
            let last = here.map(\.rank).max(), rank > last
        {
            return .ranked(rank, lastAdmitted: last)
        }
        return nil
    }
}
