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
    /// By position, its edges from the best to the worst.
    private let edgesOfPosition: [[Int32]]
    private(set) var changes: [Int: Explanation.SmallestChange] = [:]
    /// Applicants whose change is in `changes`, or who have none.
    private(set) var covered: Set<Int> = []

    /// `nil` for markets of which the argument above does not hold.
    init?(_ outcome: Outcome) {
        guard outcome.rules.proposing == .applicants, outcome.rules.goal == .stable, outcome.rules.locked.isEmpty,
            outcome.market.features.isPlain
        else { return nil }
        self.outcome = outcome
        market = outcome.market
        let lottery = Lottery(seed: outcome.rules.seed, round: outcome.rules.round)
        strict = StrictPreferences(market, lottery)
        positionDraw = lottery.turns(of: market.positionIDs)
        lists = market.tables == nil ? market.input.lists(of: market.applicantIDs) : []
        var edges = [[Int32]](repeating: [], count: market.positionCount)
        for (edge, position) in market.edgePosition.enumerated() { edges[Int(position)].append(Int32(edge)) }
        let key = strict.key
        edgesOfPosition = edges.map { $0.sorted { key[Int($0)] < key[Int($1)] } }
    }

    mutating func find() { find(of: 0..<market.applicantCount) }

    mutating func find(of applicants: Range<Int>) {
        var wanting = [[Int]](repeating: [], count: market.positionCount)
        var hopeless: [Int] = []
        for applicant in applicants {
            switch wish(of: applicant) {
            case .none: covered.insert(applicant)
            case .rank(let position): wanting[position].append(applicant)
            case .listing: hopeless.append(applicant)
            }
        }
        for (position, applicants) in wanting.enumerated() where !applicants.isEmpty {
            findRanks(applicants, at: position)
        }
        if !hopeless.isEmpty { findListings(hopeless) }
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

    private mutating func findRanks(_ applicants: [Int], at position: Int) {
        var state = ApplicantsPropose(market, strict)
        state.closeSeat(at: position)
        let wanting = Set(applicants)
        for applicant in 0..<market.applicantCount where !wanting.contains(applicant) { state.admit(applicant) }
        descend(applicants[...], state, position, listed: Set(ranking(ofFirm: position)))
    }

    private func ranking(ofFirm position: Int) -> [String] {
        if let tables = market.tables {
            return tables.rankings.groups(position).joined().map { tables.applicants[Int($0)] }
        }
        let firm = market.input.firms.first { $0.id == market.positionIDs[position] }
        return Array((firm?.ranking ?? []).joined())
    }

    /// `state` has everybody but `applicants`. Halving lets each of them be left out at the cost of few admissions.
    private mutating func descend(
        _ applicants: ArraySlice<Int>,
        _ state: ApplicantsPropose,
        _ position: Int,
        listed: Set<String>
    ) {
        guard applicants.count > 1 else {
            for applicant in applicants {
                let rank = neededRank(applicant, state, position, listed)
                changes[applicant] = .ranked(position: market.positionIDs[position], atMost: rank)
                covered.insert(applicant)
            }
            return
        }
        let middle = applicants.startIndex + applicants.count / 2
        let halves = [applicants[..<middle], applicants[middle...]]
        for (half, others) in [(halves[0], halves[1]), (halves[1], halves[0])] {
            var rest = state
            for applicant in others { rest.admit(applicant) }
            descend(half, rest, position, listed: listed)
        }
    }

    private func neededRank(
        _ applicant: Int,
        _ state: ApplicantsPropose,
        _ position: Int,
        _ listed: Set<String>
    ) -> Int {
        let held = Set(state.held(by: position))
        let refused = edgesOfPosition[position].first { edge in
            Int(market.edgeApplicant[Int(edge)]) != applicant && !held.contains(edge) && state.wasProposed(edge)
        }
        if let refused { return Int(market.edgeRank[Int(refused)]) }
        return listed.count + (listed.contains(market.applicantIDs[applicant]) ? 0 : 1)
    }

    // MARK: Listings

    /// Those whose lists lead nowhere: the first firm that ranks them and would have had a place.
    private mutating func findListings(_ applicants: [Int]) {
        let ids = Set(applicants.map { market.applicantIDs[$0] })
        let wider = market.input.appendingAllThatRank(ids)
        guard let market = try? Market(wider) else { return }
        let strict = StrictPreferences(market, Lottery(seed: outcome.rules.seed, round: outcome.rules.round))
        var state = ApplicantsPropose(market, strict)
        let left = Set(applicants)
        for applicant in 0..<market.applicantCount where !left.contains(applicant) { state.admit(applicant) }
        for applicant in applicants {
            covered.insert(applicant)
            for edge in market.edges(of: applicant).map({ Int32($0) }) {
                var trial = state
                trial.admit(applicant, only: edge)
                guard trial.held(by: market.position(of: edge)).contains(edge) else { continue }
                changes[applicant] = .listing(position: market.positionIDs[market.position(of: edge)])
                break
            }
        }
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
