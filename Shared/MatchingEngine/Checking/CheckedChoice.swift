/// Caps and reserves as the checker reads them: whom a firm would choose from its members and one newcomer.
struct CheckedChoice {
    private let market: CheckedMarket
    private var firms: [String: MarketInput.Firm] = [:]
    private var kinds: [Int: Set<String>] = [:]
    /// By firm and category: how many of those who list each other are of it.
    private var sizes: [String: [String: Int]] = [:]

    init(_ input: MarketInput, _ market: CheckedMarket) {
        self.market = market
        for firm in input.firms { firms[firm.id] = firm }
        for applicant in input.applicants {
            if let number = market.applicantNumber[applicant.id] { kinds[number] = Set(applicant.categories) }
        }
        var everywhere: [String: Int] = [:]
        for set in kinds.values { for kind in set { everywhere[kind, default: 0] += 1 } }
        for firm in input.firms { sizes[firm.id] = everywhere }
    }

    func wants(_ person: Int, _ listing: CheckedMarket.Listing, _ laid: CheckedMatching) -> Bool {
        guard let firm = firms[market.places[listing.place].id] else { return false }
        var line = laid.members[listing.place].map { (rank: $0.rank, newcomer: 0, person: $0.person) }
        line.append((listing.rank, 1, person))
        line.sort { $0 < $1 }
        var inside: [Int] = []
        func count(_ kind: String) -> Int { inside.count { kinds[$0]?.contains(kind) == true } }
        func admit(_ candidate: Int) -> Bool {
            if inside.contains(candidate) || inside.count >= firm.capacity { return false }
            for cap in firm.caps where kinds[candidate]?.contains(cap.category) == true {
                if count(cap.category) >= cap.maximum { return false }
            }
            inside.append(candidate)
            return true
        }
        let reserves = firm.reserves.sorted {
            (sizes[firm.id]?[$0.category] ?? 0, $0.category) < (sizes[firm.id]?[$1.category] ?? 0, $1.category)
        }
        for reserve in reserves {
            for candidate in line where count(reserve.category) < reserve.seats {
                if kinds[candidate.person]?.contains(reserve.category) == true { _ = admit(candidate.person) }
            }
        }
        for candidate in line { _ = admit(candidate.person) }
        return inside.contains(person)
    }
}
