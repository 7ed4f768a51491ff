extension MatchingChecker {
    /// What one side thinks of a change.
    enum Wish {
        case gains, isIndifferent, loses

        init(_ present: Int, _ offered: Int) {
            self = offered < present ? .gains : offered == present ? .isIndifferent : .loses
        }
    }

    /// A firm gains from a free seat. Without one it gives up the last admitted of the position; if the position has
    /// room but the firm has not, the firm's last, or nobody if the applicant is with the firm already.
    func firmsWish(_ person: Int, _ listing: CheckedMarket.Listing, _ laid: CheckedMatching) -> Wish {
        let place = market.places[listing.place]
        if place.capacity == 0 || market.firmCapacity[place.firm] == 0 { return .loses }
        if laid.filledPlace[listing.place] >= place.capacity {
            return Wish(laid.worstAtPlace[listing.place], listing.rank)
        }
        if laid.filledFirm[place.firm] < market.firmCapacity[place.firm] { return .gains }
        if let present = laid.assigned[person], market.places[present.place].firm == place.firm { return .gains }
        return Wish(laid.worstAtFirm[place.firm], listing.rank)
    }

    /// Whether the newcomer fits beside those who are at the place and ranked as good or better.
    func hasRoom(_ person: Int, _ listing: CheckedMarket.Listing, _ laid: CheckedMatching) -> Bool {
        let staying = laid.members[listing.place].filter { $0.rank <= listing.rank && $0.person != person }
        let taken = staying.reduce(0) { $0 + market.seats[$1.person] }
        return taken + market.seats[person] <= market.places[listing.place].capacity
    }

    /// Kamada and Kojima: a pair does not count where the region is full and everybody at the firm is ranked at least
    /// as good.
    func isExcused(_ listing: CheckedMarket.Listing, _ laid: CheckedMatching) -> Bool {
        let firm = market.places[listing.place].id
        guard let region = input.regions.first(where: { $0.firms.contains(firm) }) else { return false }
        let taken = region.firms.compactMap { market.placeNumber[$0] }.reduce(0) { $0 + laid.filledPlace[$1] }
        return taken >= region.maximum && laid.worstAtPlace[listing.place] <= listing.rank
    }

    /// Minimum quotas, caps and regional maxima that are not kept.
    func quotaBreaches(_ laid: CheckedMatching, _ closed: Set<Int>) -> [String] {
        var breaches: [String] = []
        var kinds: [Int: [String]] = [:]
        for applicant in input.applicants where !applicant.categories.isEmpty {
            if let person = market.applicantNumber[applicant.id] { kinds[person] = applicant.categories }
        }
        for firm in input.firms.sorted(by: { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }) {
            guard let number = market.firmNumber[firm.id], !closed.contains(number) else { continue }
            if laid.filledFirm[number] < firm.minimum {
                breaches.append("\(firm.id) needs at least \(firm.minimum), and has \(laid.filledFirm[number]).")
            }
            for position in firm.positions {
                guard let place = market.placeNumber[position.id], laid.filledPlace[place] < position.minimum else {
                    continue
                }
                breaches.append(
                    "\(position.id) needs at least \(position.minimum), and has \(laid.filledPlace[place])."
                )
            }
            for cap in firm.caps {
                let staff = market.placeNumber[firm.id].map { laid.members[$0] } ?? []
                let count = staff.count { kinds[$0.person]?.contains(cap.category) == true }
                if count > cap.maximum {
                    breaches.append("\(firm.id) may take \(cap.maximum) of \(cap.category), and has \(count).")
                }
            }
        }
        for region in input.regions {
            let taken = region.firms.compactMap { market.firmNumber[$0] }.reduce(0) {
                $0 + laid.filledFirm[$1]
            }
            if taken > region.maximum { breaches.append("\(region.id) may take \(region.maximum), and has \(taken).") }
        }
        return breaches
    }
}
