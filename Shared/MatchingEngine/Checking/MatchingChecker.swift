/// Checks any matching of a market, whoever made it. It shares no code with the solver.
public struct MatchingChecker {
    let input: MarketInput
    let market: CheckedMarket

    /// `input` must be free of faults, as `Market.init` checks. `locked` places are no pair's business.
    public init(_ input: MarketInput, locked: [String: String] = [:]) {
        self.input = input
        var market = CheckedMarket(input)
        market.lock(locked)
        self.market = market
    }

    /// What can be said of `matching` under `rules`. Everybody must be in it; `nil` is for without a place.
    public func certificate(for matching: [String: String?], rules: MatchingRules) -> Certificate {
        let laid = CheckedMatching(market, matching)
        let notion = Certificate.Notion(rules.goal, input)
        let closed = rules.goal == .closing ? emptyFirms(laid) : []
        let breaches = laid.breaches + quotaBreaches(laid, closed).sorted() + coupleBreaches(laid)
        let blocking = blockingPairs(laid, notion, closed)
        var certificate = Certificate(
            rules,
            inputHash: input.canonicalHash,
            notion: notion,
            breaches: breaches,
            blocking: blocking,
            cutoffs: cutoffs(laid, Lottery(seed: rules.seed, round: rules.round), closed)
        )
        certificate.closed = closed.sorted().map { market.firmIDs[$0] }
        return certificate
    }

    /// Firms that have a minimum and nobody: closed, if firms may be.
    private func emptyFirms(_ laid: CheckedMatching) -> Set<Int> {
        let firms = input.firms.filter { $0.minimum > 0 }.compactMap { market.firmNumber[$0.id] }
        return Set(firms.filter { laid.filledFirm[$0] == 0 })
    }

    private func blockingPairs(
        _ laid: CheckedMatching,
        _ notion: Certificate.Notion,
        _ closed: Set<Int>
    ) -> [BlockingPair] {
        let choosing = notion == .choice ? CheckedChoice(input, market) : nil
        var found: [BlockingPair] = []
        for (person, listings) in market.listings.enumerated() where !isInCouple(person) {
            for listing in listings where listing.place != laid.assigned[person]?.place {
                if closed.contains(market.places[listing.place].firm) { continue }
                let applicant = laid.assigned[person].map { Wish($0.choice, listing.choice) } ?? .gains
                let blocks =
                    switch notion {
                    case .weak, .strong, .super: blocks(applicant, firmsWish(person, listing, laid), notion)
                    case .kpr, .team: applicant == .gains && hasRoom(person, listing, laid)
                    case .choice: applicant == .gains && choosing?.wants(person, listing, laid) == true
                    case .regional:
                        applicant == .gains && hasRoom(person, listing, laid) && !isExcused(listing, laid)
                    case .envyFree: applicant == .gains && laid.worstAtPlace[listing.place] > listing.rank
                    }
                if blocks {
                    let position = market.places[listing.place].id
                    found.append(BlockingPair(applicant: market.applicants[person], position: position))
                }
            }
        }
        return notion == .kpr ? found + blockingCouples(laid) : found
    }

    private func blocks(_ applicant: Wish, _ firm: Wish, _ notion: Certificate.Notion) -> Bool {
        switch notion {
        case .strong: applicant != .loses && firm != .loses && (applicant == .gains || firm == .gains)
        case .super: applicant != .loses && firm != .loses
        default: applicant == .gains && firm == .gains
        }
    }

    private func cutoffs(_ laid: CheckedMatching, _ lottery: Lottery, _ closed: Set<Int>) -> [Cutoff] {
        var last = [LotteryNumber?](repeating: nil, count: market.places.count)
        for (person, listing) in laid.assigned.enumerated() {
            guard let listing, listing.rank == laid.worstAtPlace[listing.place] else { continue }
            let number = lottery.number(of: market.applicants[person])
            last[listing.place] = max(last[listing.place] ?? number, number)
        }
        return market.places.enumerated().map { index, place in
            Cutoff(
                position: place.id,
                capacity: closed.contains(place.firm) ? 0 : place.capacity,
                filled: laid.filledPlace[index],
                lastRank: laid.worstAtPlace[index] > 0 ? laid.worstAtPlace[index] : nil,
                lastLottery: last[index]
            )
        }
    }
}
