/// Which limit besides a position's own capacity kept an applicant out.
struct LimitReasons {
    private let market: Market
    private let lottery: Lottery
    /// By firm: who is placed there, with the firm's rank.
    private var staff: [Int: [(applicant: Int, position: Int32, rank: Int)]] = [:]
    private let members: CategoryMembers
    /// Firms that have more limits than their capacity, by number.
    private var limited: [Int: MarketInput.Firm] = [:]
    private var regionOf: [String: MarketInput.Region] = [:]

    init(_ outcome: Outcome) {
        market = outcome.market
        lottery = Lottery(seed: outcome.rules.seed, round: outcome.rules.round)
        members = CategoryMembers(outcome.market)
        if market.tables != nil { return }
        for region in market.input.regions { for firm in region.firms { regionOf[firm] = region } }
        let number = Dictionary(uniqueKeysWithValues: market.firmIDs.enumerated().map { ($1, $0) })
        for firm in market.input.firms {
            let isLimited = !firm.caps.isEmpty || !firm.reserves.isEmpty || !firm.positions.isEmpty
            if isLimited || regionOf[firm.id] != nil, let index = number[firm.id] { limited[index] = firm }
        }
        for (applicant, edge) in outcome.edges.enumerated() where edge >= 0 {
            let firm = Int(market.firmOfPosition[market.position(of: edge)])
            let position = market.edgePosition[Int(edge)]
            staff[firm, default: []].append((applicant, position, Int(market.edgeRank[Int(edge)])))
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
        let capacity = Int(market.firmCapacity[firm])
        if capacity == 0 { return .noSeats }
        for cap in limits.caps.sorted(by: { $0.category < $1.category })
        where members[cap.category].contains(Int(person)) {
            let own = here.filter { members[cap.category].contains($0.applicant) }
            if own.count >= cap.maximum, own.allSatisfy({ $0.rank <= rank }) { return .categoryFull(cap.category) }
        }
        for reserve in limits.reserves.sorted(by: { $0.category < $1.category })
        where !members[reserve.category].contains(Int(person)) {
            let kept = here.contains { $0.rank > rank && members[reserve.category].contains($0.applicant) }
            if kept { return .reserved(reserve.category) }
        }
        let seats = here.reduce(0) { $0 + Int(market.seats[$1.applicant]) }
        if let region = regionOf[limits.id], seats < capacity, isFull(region), here.allSatisfy({ $0.rank <= rank }) {
            return .regionFull(region.id)
        }
        let atPosition = here.count { $0.position == index }
        guard !limits.positions.isEmpty, seats >= capacity, atPosition < market.positionCapacity[Int(index)],
            let last = here.map(\.rank).max()
        else { return nil }
        if rank > last { return .ranked(rank, lastAdmitted: last) }
        let numbers = here.filter { $0.rank == last }.map { lottery.number(of: market.applicantIDs[$0.applicant]) }
        guard rank == last, let highest = numbers.max() else { return nil }
        return .lottery(rank: rank, own: lottery.number(of: applicant), lastAdmitted: highest)
    }

    private func isFull(_ region: MarketInput.Region) -> Bool {
        let taken = region.firms.reduce(0) { sum, id in
            let firm = limited.first { $0.value.id == id }?.key
            return sum + (firm.flatMap { staff[$0]?.count } ?? 0)
        }
        return taken >= region.maximum
    }
}
