/// Which limit besides a position's own capacity kept an applicant out.
struct LimitReasons {
    private let market: Market
    /// By firm: who is placed there, with the firm's rank.
    private var staff: [Int: [(applicant: Int, rank: Int)]] = [:]
    private let members: CategoryMembers
    /// Firms that have more limits than their capacity, by number.
    private var limited: [Int: MarketInput.Firm] = [:]
    private var regionOf: [String: String] = [:]

    init(_ outcome: Outcome) {
        market = outcome.market
        members = CategoryMembers(outcome.market)
        if market.tables != nil { return }
        for region in market.input.regions { for firm in region.firms { regionOf[firm] = region.id } }
        let number = Dictionary(uniqueKeysWithValues: market.firmIDs.enumerated().map { ($1, $0) })
        for firm in market.input.firms where !firm.caps.isEmpty || !firm.positions.isEmpty || regionOf[firm.id] != nil {
            if let index = number[firm.id] { limited[index] = firm }
        }
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
        guard let limits = limited[firm] else { return nil }
        let here = staff[firm] ?? []
        for cap in limits.caps.sorted(by: { $0.category < $1.category })
        where members[cap.category].contains(Int(person)) {
            let own = here.filter { members[cap.category].contains($0.applicant) }
            if own.count >= cap.maximum, own.allSatisfy({ $0.rank <= rank }) { return .categoryFull(cap.category) }
        }
        let seats = here.reduce(0) { $0 + Int(market.seats[$1.applicant]) }
        let capacity = Int(market.firmCapacity[firm])
        if let region = regionOf[limits.id], seats < capacity, here.allSatisfy({ $0.rank <= rank }) {
            return .regionFull(region)
        }
        if !limits.positions.isEmpty, seats >= capacity, let last = here.map(\.rank).max(), rank > last {
            return .ranked(rank, lastAdmitted: last)
        }
        return nil
    }
}
