/// Smallest changes of many applicants at once, of which solving again for each would take hours.
///
/// What is found is exactly what `SmallestChangeSearch` finds. Let `a` want `f`, and let ν be the best stable matching
/// when `f` ranks `a` before everybody. Then `a` gets a place at `f` with any rank better than that of the best other
/// applicant whom `f` refuses in ν, and with no worse one: ν stays stable in the first case, and that applicant and
/// `f` would block in the second. In ν `a` holds a seat of `f` from the start, so that ν is found by leaving `a` out
/// and closing one seat.
struct SmallestChanges {
    private let outcome: Outcome
    private let market: Market
    private let strict: StrictPreferences
    /// By applicant; empty if the market's tables have them.
    private let lists: [[[String]]]
    private let positionDraw: [Int32]
    /// By position, how many its firm ranks.
    private let rankedCount: [Int]
    private(set) var changes: [Int: Explanation.SmallestChange] = [:]
    /// Applicants whose change is in `changes`, or who have none.
    private(set) var covered: Set<Int> = []

    /// `nil` for markets of which the argument above does not hold.
    init?(_ outcome: Outcome) {
        guard outcome.rules.proposing == .applicants, outcome.rules.goal == .stable, outcome.rules.locked.isEmpty,
            outcome.rules.previous.isEmpty, outcome.market.features.isPlain
        else { return nil }
        self.outcome = outcome
        market = outcome.market
        let lottery = Lottery(seed: outcome.rules.seed, round: outcome.rules.round)
        strict = StrictPreferences(market, lottery)
        positionDraw = lottery.turns(of: market.positionIDs)
        lists = market.tables == nil ? market.input.lists(of: market.applicantIDs) : []
        rankedCount = market.rankedCounts
    }

    mutating func find() { find(of: 0..<market.applicantCount) }

    mutating func find(of applicants: Range<Int>) {
        var seekers: [Seeker] = []
        var hopeless: [Int] = []
        for applicant in applicants {
            covered.insert(applicant)
            switch wish(of: applicant) {
            case .none: continue
            case .rank(let position): seekers.append(Seeker(applicant: applicant, position: position))
            case .listing: hopeless.append(applicant)
            }
        }
        if !seekers.isEmpty {
            var proposals = proposals(in: market, strict, without: seekers.map(\.applicant))
            findRanks(seekers[...], &proposals)
        }
        if !hopeless.isEmpty { findListings(hopeless) }
    }

    /// Everybody but those few, or many, has proposed.
    private func proposals(
        in market: Market,
        _ strict: StrictPreferences,
        without left: [Int]
    ) -> RewindableProposals {
        var proposals = RewindableProposals(market, strict)
        let left = Set(left)
        for applicant in 0..<market.applicantCount where !left.contains(applicant) { proposals.admit(applicant) }
        return proposals
    }

    private enum Wish {
        /// A better place is not to be had.
        case none
        case rank(Int)
        case listing
    }

    private func wish(of applicant: Int) -> Wish {
        let place = outcome.place(of: market.applicantIDs[applicant])
        for group in market.tables?.choices(of: applicant) ?? lists[applicant] {
            if let place, group.contains(place) { return .none }
            // Of tied ones the applicant proposes to that first which the lottery draws first.
            let seats = group.compactMap { market.positionIndex[$0] }.filter { market.positionCapacity[Int($0)] > 0 }
            if let first = seats.min(by: { positionDraw[Int($0)] < positionDraw[Int($1)] }) { return .rank(Int(first)) }
        }
        return place == nil ? .listing : .none
    }

    // MARK: Ranks

    /// Somebody for whom a better rank at the position is sought.
    private struct Seeker {
        let applicant: Int
        let position: Int
    }

    /// Everybody but `seekers` has proposed. Halving lets each of them be left out at the cost of few admissions.
    private mutating func findRanks(_ seekers: ArraySlice<Seeker>, _ proposals: inout RewindableProposals) {
        if seekers.count == 1, let seeker = seekers.first {
            let rank = neededRank(seeker, &proposals)
            changes[seeker.applicant] = .ranked(position: market.positionIDs[seeker.position], atMost: rank)
            return
        }
        let middle = seekers.startIndex + seekers.count / 2
        let halves = [seekers[..<middle], seekers[middle...]]
        for (half, others) in [(halves[0], halves[1]), (halves[1], halves[0])] {
            proposals.trying { proposals in
                for other in others { proposals.admit(other.applicant) }
                findRanks(half, &proposals)
            }
        }
    }

    private func neededRank(_ seeker: Seeker, _ proposals: inout RewindableProposals) -> Int {
        if let refused = proposals.bestRefused(withoutSeatAt: seeker.position) {
            return Int(market.edgeRank[Int(refused)])
        }
        let isRanked = market.isEdge(Int32(seeker.applicant), Int32(seeker.position))
        return rankedCount[seeker.position] + (isRanked ? 0 : 1)
    }

    // MARK: Listings

    /// Those whose lists lead nowhere: the first firm that ranks them and would have had a place.
    private mutating func findListings(_ applicants: [Int]) {
        let ids = Set(applicants.map { market.applicantIDs[$0] })
        let wider = market.input.appendingAllThatRank(ids)
        guard let market = try? Market(wider) else { return }
        let strict = StrictPreferences(market, Lottery(seed: outcome.rules.seed, round: outcome.rules.round))
        var proposals = proposals(in: market, strict, without: applicants)
        for applicant in applicants {
            guard let place = market.edges(of: applicant).first(where: { proposals.wouldGet($0, applicant) })
            else { continue }
            let position = market.position(of: strict.order[place])
            changes[applicant] = .listing(position: market.positionIDs[position])
        }
    }
}

extension Market {
    /// By position of a plain market, how many its firm ranks.
    fileprivate var rankedCounts: [Int] {
        if let rankings = tables?.rankings { return positionIDs.indices.map { rankings.row($0).count } }
        let counts = input.firms.map { firm in (firm.id, firm.ranking.reduce(0) { $0 + $1.count }) }
        let count = Dictionary(uniqueKeysWithValues: counts)
        return positionIDs.map { count[$0] ?? 0 }
    }
}

extension MarketInput {
    /// By number of `ids`, what applicants and teams list.
    fileprivate func lists(of ids: IDs) -> [[[String]]] {
        var lists = [[[String]]](repeating: [], count: ids.count)
        for applicant in applicants { if let index = ids[applicant.id] { lists[Int(index)] = applicant.ranking } }
        for team in teams { if let index = ids[team.id] { lists[Int(index)] = team.ranking } }
        return lists
    }

    /// The market in which each of `ids` lists, after everything else, all firms that rank them.
    fileprivate func appendingAllThatRank(_ ids: Set<String>) -> MarketInput {
        var ranking: [String: [String]] = [:]
        for firm in firms.sorted(by: { $0.id.canonicallyPrecedes($1.id) }) {
            for id in firm.ranking.joined() where ids.contains(id) { ranking[id, default: []].append(firm.id) }
        }
        var wider = self
        for index in applicants.indices {
            let listed = Set(applicants[index].ranking.joined())
            let more = (ranking[applicants[index].id] ?? []).filter { !listed.contains($0) }
            wider.applicants[index].ranking += more.map { [$0] }
        }
        for index in teams.indices {
            let listed = Set(teams[index].ranking.joined())
            let more = (ranking[teams[index].id] ?? []).filter { !listed.contains($0) }
            wider.teams[index].ranking += more.map { [$0] }
        }
        return wider
    }
}
