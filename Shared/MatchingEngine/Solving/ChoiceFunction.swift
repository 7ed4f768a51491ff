/// How firms choose among those who want to come: within positions, caps, reserves and the region's maximum.
struct ChoiceFunction {
    private let market: Market
    private let strict: StrictPreferences
    /// By firm: limits by category, those within others first.
    private let caps: [[Limit]]
    private let reserves: [[Limit]]
    /// Firms that choose together. A firm without a region is alone.
    let groups: [Group]
    let groupOfFirm: [Int]

    struct Limit {
        let amount: Int
        /// By applicant: whether it is of the category.
        let members: Set<Int>
    }

    struct Group {
        let firms: [Int]
        /// `nil` without a region.
        let maximum: Int?
        /// By firm, in the order of `firms`.
        let targets: [Int]
    }

    init(_ market: Market, _ strict: StrictPreferences) {
        self.market = market
        self.strict = strict
        let categories = CategoryMembers(market)
        let byID = Dictionary(uniqueKeysWithValues: market.input.firms.map { ($0.id, $0) })
        let firms = market.firmIDs.compactMap { byID[$0] }
        caps = firms.map { firm in
            firm.caps.map { Limit(amount: $0.maximum, members: categories[$0.category]) }
        }
        reserves = firms.map { firm in
            firm.reserves.map { ($0.category, Limit(amount: $0.seats, members: categories[$0.category])) }
                .sorted { ($0.1.members.count, $0.0) < ($1.1.members.count, $1.0) }.map(\.1)
        }
        var groups: [Group] = []
        var groupOfFirm = [Int](repeating: -1, count: firms.count)
        let index = Dictionary(uniqueKeysWithValues: market.firmIDs.enumerated().map { ($1, $0) })
        for region in market.input.regions.sorted(by: { $0.id.canonicallyPrecedes($1.id) }) {
            let order = region.order.isEmpty ? region.firms.canonicallySorted : region.order
            let members = order.compactMap { index[$0] }
            for firm in members { groupOfFirm[firm] = groups.count }
            let targets = order.map { region.targets[$0] ?? 0 }
            groups.append(Group(firms: members, maximum: region.maximum, targets: targets))
        }
        for firm in firms.indices where groupOfFirm[firm] < 0 {
            groupOfFirm[firm] = groups.count
            groups.append(Group(firms: [firm], maximum: nil, targets: [0]))
        }
        self.groups = groups
        self.groupOfFirm = groupOfFirm
    }

    /// Those of `edges` that the group's firms choose. An applicant is chosen at most once.
    func choose(_ edges: [Int32], group index: Int) -> [Int32] {
        let group = groups[index]
        let sorted = edges.sorted {
            (strict.key[Int($0)], strict.place[Int($0)]) < (strict.key[Int($1)], strict.place[Int($1)])
        }
        let byFirm = group.firms.map { firm in
            choose(sorted.filter { market.firmOfPosition[market.position(of: $0)] == firm }, firm: firm)
        }
        guard let maximum = group.maximum else { return byFirm.flatMap { $0 } }
        // First everybody's target, then one seat a turn while the region's maximum lasts.
        var taken = zip(byFirm, group.targets).map { min($0.count, $1) }
        var total = taken.reduce(0, +)
        while total < maximum {
            var moved = false
            for firm in taken.indices where taken[firm] < byFirm[firm].count && total < maximum {
                taken[firm] += 1
                total += 1
                moved = true
            }
            if !moved { break }
        }
        return zip(byFirm, taken).flatMap { $0.prefix($1) }
    }

    /// One firm's choice, best first.
    private func choose(_ sorted: [Int32], firm: Int) -> [Int32] {
        var choice = OpenChoice(market, capacity: Int(market.firmCapacity[firm]))
        for reserve in reserves[firm] {
            var need = reserve.amount - choice.chosen.count { reserve.members.contains(applicant($0)) }
            for edge in sorted where need > 0 && reserve.members.contains(applicant(edge)) {
                if choice.take(edge, caps[firm]) { need -= 1 }
            }
        }
        for edge in sorted { _ = choice.take(edge, caps[firm]) }
        let chosen = Set(choice.chosen)
        return sorted.filter(chosen.contains)
    }

    private func applicant(_ edge: Int32) -> Int { Int(market.edgeApplicant[Int(edge)]) }

    /// A choice being made.
    private struct OpenChoice {
        let market: Market
        private var room: Int
        private var filled: [Int: Int] = [:]
        private(set) var chosen: [Int32] = []
        private var applicants = Set<Int>()

        init(_ market: Market, capacity: Int) {
            self.market = market
            room = capacity
        }

        mutating func take(_ edge: Int32, _ caps: [Limit]) -> Bool {
            let applicant = Int(market.edgeApplicant[Int(edge)])
            let position = market.position(of: edge)
            let seats = Int(market.seats[applicant])
            guard !applicants.contains(applicant), seats <= room,
                filled[position, default: 0] + seats <= Int(market.positionCapacity[position])
            else { return false }
            for cap in caps where cap.members.contains(applicant) {
                if chosen.count(where: { cap.members.contains(Int(market.edgeApplicant[Int($0)])) }) >= cap.amount {
                    return false
                }
            }
            applicants.insert(applicant)
            chosen.append(edge)
            room -= seats
            filled[position, default: 0] += seats
            return true
        }
    }
}

/// The applicants of each category.
struct CategoryMembers {
    private var members: [String: Set<Int>] = [:]

    init(_ market: Market) {
        guard market.features.categories else { return }
        for applicant in market.input.applicants {
            guard let index = market.applicantIndex[applicant.id] else { continue }
            for category in applicant.categories { members[category, default: []].insert(Int(index)) }
        }
    }

    subscript(_ category: String) -> Set<Int> { members[category] ?? [] }
}
