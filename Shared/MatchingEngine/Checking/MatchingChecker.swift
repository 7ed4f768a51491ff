/// Checks any matching of a market, whoever made it. It shares no code with the solver.
public struct MatchingChecker {
    let input: MarketInput
    let market: CheckedMarket

    /// `input` must be free of faults, as `Market.init` checks.
    public init(_ input: MarketInput) {
        self.input = input
        market = CheckedMarket(input)
    }

    /// What can be said of `matching` under `rules`. Everybody must be in it; `nil` is for without a place.
    public func certificate(for matching: [String: String?], rules: MatchingRules) -> Certificate {
        let laid = CheckedMatching(market, matching)
        let notion = notion(rules)
        let blocking = blockingPairs(laid, notion)
        let inputHash = input.canonicalHash
        return Certificate(
            runID: sha256(Array("\(engineVersion)\n\(inputHash)\n\(rules.canonical)".utf8)),
            inputHash: inputHash,
            seedHash: sha256(Array(rules.seed.utf8)),
            notion: notion,
            verdict: laid.breaches.isEmpty && blocking.isEmpty ? .holds : .open,
            breaches: laid.breaches,
            blocking: blocking,
            cutoffs: cutoffs(laid, Lottery(seed: rules.seed, round: rules.round)),
            bound: nil
        )
    }

    func notion(_ rules: MatchingRules) -> Certificate.Notion {
        switch rules.goal {
        case .stable, .mostPlaced: .weak
        case .strong: .strong
        case .super: .super
        case .envyFree: .envyFree
        }
    }

    private func blockingPairs(_ laid: CheckedMatching, _ notion: Certificate.Notion) -> [BlockingPair] {
        var found: [BlockingPair] = []
        for (person, listings) in market.listings.enumerated() {
            for listing in listings where listing.place != laid.assigned[person]?.place {
                let applicant = laid.assigned[person].map { Wish($0.choice, listing.choice) } ?? .gains
                let firm = firmsWish(person, listing, laid)
                let blocks =
                    switch notion {
                    case .strong: applicant != .loses && firm != .loses && (applicant == .gains || firm == .gains)
                    case .super: applicant != .loses && firm != .loses
                    default: applicant == .gains && firm == .gains
                    }
                if blocks {
                    let position = market.places[listing.place].id
                    found.append(BlockingPair(applicant: market.applicants[person], position: position))
                }
            }
        }
        return found
    }

    /// What one side thinks of a change.
    private enum Wish {
        case gains, isIndifferent, loses

        init(_ present: Int, _ offered: Int) {
            self = offered < present ? .gains : offered == present ? .isIndifferent : .loses
        }
    }

    /// A firm gains from a free seat. Without one it gives up the last admitted of the position; if the position has
    /// room but the firm has not, the firm's last, or nobody if the applicant is with the firm already.
    private func firmsWish(_ person: Int, _ listing: CheckedMarket.Listing, _ laid: CheckedMatching) -> Wish {
        let place = market.places[listing.place]
        if place.capacity == 0 || market.firmCapacity[place.firm] == 0 { return .loses }
        if laid.filledPlace[listing.place] >= place.capacity {
            return Wish(laid.worstAtPlace[listing.place], listing.rank)
        }
        if laid.filledFirm[place.firm] < market.firmCapacity[place.firm] { return .gains }
        if let present = laid.assigned[person], market.places[present.place].firm == place.firm { return .gains }
        return Wish(laid.worstAtFirm[place.firm], listing.rank)
    }

    private func cutoffs(_ laid: CheckedMatching, _ lottery: Lottery) -> [Cutoff] {
        var last = [LotteryNumber?](repeating: nil, count: market.places.count)
        for (person, listing) in laid.assigned.enumerated() {
            guard let listing, listing.rank == laid.worstAtPlace[listing.place] else { continue }
            let number = lottery.number(of: market.applicants[person])
            last[listing.place] = max(last[listing.place] ?? number, number)
        }
        return market.places.enumerated().map { index, place in
            Cutoff(
                position: place.id,
                capacity: place.capacity,
                filled: laid.filledPlace[index],
                lastRank: laid.worstAtPlace[index] > 0 ? laid.worstAtPlace[index] : nil,
                lastLottery: last[index]
            )
        }
    }
}
